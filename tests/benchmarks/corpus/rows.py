"""What each row of the corpus is: told by its number and the seed alone, so that any part can be made by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.filters.text.words import folded_words
from tests.benchmarks.corpus.junk import PLANTINGS
from tests.benchmarks.corpus.languages import sentences
from tests.benchmarks.corpus.prompts import Numbers, Prompts, mixed, walks
from tests.benchmarks.corpus.spoiling import spoil

# A hundred rows of the corpus. Each duplicate is one of an `original` of the same hundred.
GROUP = {
    "clean": 14,
    "original": 20,
    "same": 5,
    "rewritten": 4,
    "near": 7,
    "alike": 2,
    "related": 2,
    "language": 12,
    "long": 16,
    "junk": 18,
}
KINDS = [kind for kind, count in GROUP.items() for _ in range(count)]
PLACE = {kind: KINDS.index(kind) for kind in GROUP}
COPIES = ("same", "rewritten", "near", "alike", "related")
# Put behind a copy in an order of its own, which no prompt has them in. Their count is prime, so that any step goes
# through all of them.
_FILLERS = """
    calmly before breakfast under seven lanterns while gentle thunder follows every wooden bridge across
    silver valleys toward quiet harbours where patient gardeners collect yellow apples beside ancient
    towers without hurry because morning light returns slowly over distant meadows near little villages
    behind northern mountains after heavy rain against painted windows through narrow streets among
    friendly neighbours during autumn evenings between two rivers above green hills along dusty roads
    inside warm kitchens around round tables beneath bright stars since early spring until late summer
    despite cold winds about lost letters
"""
FILLERS = _FILLERS.split()
NGRAM = 3
# A long prompt is so many times as long as another.
LONGER = 8


@dataclass(frozen=True)
class Material:
    """What rows are made of."""

    prompts: Prompts
    # Real prompts that are short enough to be spoilt by something more without being too long.
    short: pl.Series
    answers: pl.Series


def make(material: Material, first: int, count: int, seed: int) -> pl.DataFrame:
    """Rows `first` to `first + count` (both multiples of 100).

    Gives `number`, `prompt`, `answer`, `label` (what is planted: a kind of GROUP, `junk:<planting>` or
    `language:<code>`), and for a copy `original` (the number of its row) and `similarity` (Jaccard similarity of the
    folded words' trigrams).
    """
    numbers = np.arange(first, first + count)
    kinds = pl.Series("kind", KINDS * (count // 100), dtype=pl.Categorical)
    drawn = _drawn(numbers.astype(np.uint64), np.uint64(seed))
    originals = numbers // 100 * 100 + PLACE["original"] + numbers % 100 - PLACE["same"]
    is_copy = kinds.is_in(list(COPIES)).to_numpy()
    text_of = np.where(is_copy, originals, numbers)
    seeds = _drawn(text_of.astype(np.uint64), np.uint64(seed + 1))
    long = (kinds == "long").to_numpy()
    texts = pl.Series("prompt", [None] * count, dtype=pl.String)
    for rows, longer in ((~long & (kinds != "language").to_numpy(), 1), (long, LONGER)):
        places = np.flatnonzero(rows)
        texts = texts.scatter(places, walks(material.prompts, seeds[places], longer))
    answers = material.answers.gather((seeds >> np.uint64(3)) % np.uint64(len(material.answers))).alias("answer")
    table = pl.DataFrame({"number": numbers, "prompt": texts, "answer": answers, "label": kinds.cast(pl.String)})
    table = _in_other_languages(table, drawn)
    table = _spoilt(table, material.short, drawn)
    return _copied(table, drawn, np.where(is_copy, originals, -1))


@numba.njit(cache=True)
def _drawn(numbers: Numbers, seed: np.uint64) -> Numbers:
    drawn = np.empty_like(numbers)
    for place in range(len(numbers)):
        drawn[place] = mixed(mixed(numbers[place]) ^ mixed(seed))
    return drawn


def _in_other_languages(table: pl.DataFrame, drawn: Numbers) -> pl.DataFrame:
    places = np.flatnonzero((table["label"] == "language").to_numpy())
    pool = sentences()
    codes = pl.Series(list(pool))
    chosen = drawn[places] % np.uint64(len(codes))
    languages = codes.gather(chosen)
    size = len(next(iter(pool.values())))
    flat = pl.Series([sentence for some in pool.values() for sentence in some])
    pairs = [
        flat.gather(chosen * np.uint64(size) + (drawn[places] >> np.uint64(shift)) % np.uint64(size))
        for shift in (8, 24)
    ]
    return table.with_columns(
        table["prompt"].scatter(places, pairs[0] + " " + pairs[1]),
        table["label"].scatter(places, "language:" + languages),
    )


def _spoilt(table: pl.DataFrame, short: pl.Series, drawn: Numbers) -> pl.DataFrame:
    places = np.flatnonzero((table["label"] == "junk").to_numpy())
    names = list(PLANTINGS)
    chosen = drawn[places] % np.uint64(len(names))
    prompts, answers, labels = table["prompt"], table["answer"], table["label"]
    for number, name in enumerate(names):
        some = places[chosen == number]
        ways = (drawn[some] >> np.uint64(20)).astype(np.int64)
        clean = short.gather((drawn[some] >> np.uint64(9)) % np.uint64(len(short)))
        spoilt, answered = spoil(name, clean, answers.gather(some), ways)
        prompts, answers = prompts.scatter(some, spoilt), answers.scatter(some, answered)
        labels = labels.scatter(some, pl.repeat(f"junk:{name}", len(some), dtype=pl.String, eager=True))
    return table.with_columns(prompts, answers, labels)


def _copied(table: pl.DataFrame, drawn: Numbers, originals: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Copies changed as their kind says: written otherwise, with words behind them, or with another end."""
    label, draw = table["label"], drawn >> np.uint64(7)
    words = table["prompt"].str.split(" ")
    count = words.list.len().to_numpy().astype(np.int64)
    grams = np.maximum(count - NGRAM + 1, 1)

    def where(kind: str, chosen: npt.NDArray[np.int64], otherwise: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.where((label == kind).to_numpy(), chosen, otherwise)

    kept = where("alike", (count * 0.85).astype(np.int64), where("related", (count * 0.4).astype(np.int64), count))
    near = 1 + (draw % np.maximum(1, grams // 5).astype(np.uint64)).astype(np.int64)
    added = where("near", near, count - kept)
    copies = np.flatnonzero(added)
    ends = pl.Series([_end(int(added[row]), int(draw[row])) for row in copies])
    cut = pl.DataFrame({"words": words.gather(copies), "kept": kept[copies]}).select(
        pl.col("words").list.head(pl.col("kept")).list.join(" ").str.strip_chars_end(".?!,")
    )
    prompts = table["prompt"].scatter(copies, cut.to_series() + ends)
    rewritten = np.flatnonzero((label == "rewritten").to_numpy())
    otherwise = prompts.gather(rewritten).str.to_titlecase().str.replace_all(",", " ,", literal=True) + " "
    prompts = prompts.scatter(rewritten, otherwise)
    # Of the first k folded words and m others behind them, k - 2 trigrams are shared, out of all of the original and m.
    shared = _folded_words(table["prompt"]) - NGRAM + 1
    whole = shared.copy()
    shared[copies] = _folded_words(cut.to_series()) - NGRAM + 1
    alike = np.where(originals >= 0, shared / np.maximum(whole + added, 1), np.nan)
    return table.with_columns(
        prompts.alias("prompt"),
        pl.Series("original", originals).replace(-1, None),
        pl.Series("similarity", alike).fill_nan(None),
    )


def _folded_words(texts: pl.Series) -> npt.NDArray[np.int64]:
    return np.diff(folded_words(texts).starts)


def _end(count: int, draw: int) -> str:
    size = len(FILLERS)
    step = 1 + draw // size % (size - 1)
    return "".join(f" {FILLERS[(draw + place * step) % size]}" for place in range(count)) + "."
