"""Endless prompts in the manner of real ones: a walk over the words of real prompts, two words deep.

From any two words the walk goes on as one of the real prompts does that have them next to each other. So the words,
their order, punctuation and lengths are those of real prompts, and yet two walks have few runs of words in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

# What is certainly fit to be said, by a rule that has nothing to do with the filters: plain sentences.
PLAIN = r"^[A-Z][A-Za-z0-9 ,.?!'$%-]*[.?!]$"
# Walks would part these words from what they speak of, and nobody asks for the last of them aloud.
LEANING = (
    r"(?i)\b(?:this|these|following|given|provided|below|above|input|articles?|reviews?|sentences?|texts?|words?|passage|title"
    r"|paragraph|python|functions?|scripts?|query|code|algorithm|table|charts?|graph|data|app|web\w*|paint\w*|sketch|draw\w*)\b"
)
ANSWERED = r"^[A-Z0-9][^<>|{}]*[.!?]$"
NO_ANSWER = r"(?i)\b(?:sorry|unable|cannot|can't|as an ai|language model)\b"
# Blanks where a tokenizer put them.
TOKENIZED = r" (?:[.,?!;]|'[a-z]{1,2} |n't\b)|``|&#"
SHORTEST_WALK, LONGEST_WALK = 10, 90

Places = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Prompts:
    """The words of many prompts, one after the other, and from where each two of them may go on.

    `pair[i]` numbers the words at i and i + 1; the places with pair p are `occurs[first[p] : first[p + 1]]`.
    `ends` marks the last word of a sentence, `last` that of a prompt, `begins` are the places of the first words.
    """

    words: pl.Series
    pair: Places
    occurs: Places
    first: Places
    ends: npt.NDArray[np.bool_]
    last: npt.NDArray[np.bool_]
    begins: Places
    lengths: Places


def plain_prompts(rows: pl.DataFrame, digits: float, seed: int) -> pl.Series:
    """The plain prompts of real rows; those with figures are thinned out to the share `digits` of the others."""
    texts = rows["prompt"].str.replace_all(r"\s+", " ").str.strip_chars().unique(maintain_order=True)
    words = texts.str.count_matches(" ") + 1
    texts = texts.filter(
        texts.str.contains(PLAIN)
        & ~texts.str.contains(LEANING)
        & words.is_between(6, 70)
        & ~texts.str.contains(r" [.,?!]")
    )
    figures = texts.str.contains("[0-9]")
    without, having = texts.filter(~figures), texts.filter(figures)
    return pl.concat([without, having.sample(min(having.len(), int(digits * without.len())), seed=seed)])


def plain_answers(rows: pl.DataFrame) -> pl.Series:
    """Real answers that are written and end as sentences do, and turn nobody away."""
    texts = rows["answer"].str.strip_chars().unique(maintain_order=True)
    sound = texts.str.contains(ANSWERED) & texts.str.len_chars().is_between(20, 1_500)
    return texts.filter(sound & ~texts.str.contains(NO_ANSWER) & ~texts.str.contains(TOKENIZED))


def learn(texts: pl.Series) -> Prompts:
    """Take prompts apart into the words that walks go over."""
    lists = texts.str.split(" ")
    lengths = lists.list.len().to_numpy().astype(np.int64)
    words = lists.explode()
    starts = np.concatenate([[0], np.cumsum(lengths)])
    codes = words.cast(pl.Categorical).to_physical().to_numpy().astype(np.int64)
    pairs = codes * (codes.max() + 1) + np.roll(codes, -1)
    distinct, pair = np.unique(pairs, return_inverse=True)
    last = np.zeros(len(codes), dtype=np.bool_)
    last[starts[1:] - 1] = True
    # The last word of a prompt goes on nowhere.
    inner = np.flatnonzero(~last)
    occurs = inner[np.argsort(pair[inner], kind="stable")]
    first = np.searchsorted(pair[occurs], np.arange(len(distinct) + 1))
    ends = words.str.contains(r"[.?!]$").to_numpy()
    return Prompts(words, pair, occurs, first, ends, last, starts[:-1], lengths)


def walks(prompts: Prompts, seeds: Numbers, longer: int) -> pl.Series:
    """One prompt for each seed, of about the length of a real one, `longer` times over."""
    places = np.empty(len(seeds) * LONGEST_WALK * longer, dtype=np.int64)
    offsets = _walk(
        seeds,
        longer,
        (prompts.pair, prompts.occurs, prompts.first, prompts.ends, prompts.last, prompts.begins, prompts.lengths),
        places,
    )
    words = prompts.words.gather(places[: offsets[-1]])
    owners = pl.Series("row", np.repeat(np.arange(len(seeds)), np.diff(offsets)))
    joined = pl.DataFrame([words.alias("word"), owners]).group_by("row", maintain_order=True).agg(pl.col("word"))
    return joined["word"].list.join(" ").alias("prompt")


@numba.njit(cache=True)
def mixed(number: np.uint64) -> np.uint64:
    """The next number of splitmix64 (Steele, Lea and Flood 2014): well mixed, and the same everywhere."""
    number += np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@numba.njit(cache=True)
def _walk(seeds: Numbers, longer: int, graph: Any, places: Places) -> Places:
    pair, occurs, first, ends, last, begins, lengths = graph
    offsets = np.zeros(len(seeds) + 1, dtype=np.int64)
    written = 0
    for walk in range(len(seeds)):
        state = mixed(seeds[walk])
        # A walk goes on to the end of its sentence, which makes it a third longer.
        wanted = longer * max(SHORTEST_WALK, 2 * lengths[state % np.uint64(len(lengths))] // 3)
        state = mixed(state)
        at = begins[state % np.uint64(len(begins))]
        count = 0
        while count < LONGEST_WALK * longer:
            places[written] = at
            written += 1
            count += 1
            if ends[at] and count >= wanted:
                break
            state = mixed(state)
            if last[at]:
                at = begins[state % np.uint64(len(begins))]
                continue
            start = first[pair[at]]
            choices = np.uint64(first[pair[at] + 1] - start)
            at = occurs[start + np.int64(state % choices)] + 1
        offsets[walk + 1] = written
    return offsets
