"""A test split: of each kind its share, and like no row that is trained on."""

import random

import polars as pl
import pytest

from sayso.stages.hold_out.hold_out import (
    PURPOSE,
    candidate_cutoffs,
    candidates,
    choose_held_out,
    find_similar,
    wanted_by_kind,
)
from sayso.stages.mix.mix import draws_by_kind
from sayso.stages.rows.turns import LATER_TURNS

SEED = 4
QUESTION = "how do I make a sourdough bread at home without a scale"


def table(prompts, kinds=None, later=None):
    ids = [f"{n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128):032x}" for n in range(1, len(prompts) + 1)]
    columns = {"id": ids, "kind": kinds or ["instruction"] * len(ids), "prompt": prompts, "later_turns": later}
    texts = dict.fromkeys(("id", "kind", "prompt"), pl.String)
    rows = pl.DataFrame(columns, schema={**texts, "later_turns": LATER_TURNS})
    return rows.with_columns(spoken="prompt", answer=pl.lit("Yes."))


def different(count):
    return [f"{n} {n + 7} {n + 1} {n + 9}" for n in range(0, 10 * count, 10)]


def chosen(rows, count, shards=1):
    """The ids held out of rows that lie in so many shards."""
    parts = [*rows.iter_slices(-(-rows.height // shards) or 1)] or [rows]
    draws = draws_by_kind(parts, SEED, PURPOSE)
    wanted = wanted_by_kind(draws, count)
    cutoffs = candidate_cutoffs(draws, wanted)
    found = pl.concat(candidates(part, cutoffs, SEED) for part in parts)
    leaks = pl.concat(find_similar(part, found, 3, 0.5) for part in parts)
    return choose_held_out(found, leaks, wanted)


def test_each_kind_gives_its_share():
    kinds = ["instruction"] * 70 + ["transcription"] * 20 + ["text"] * 10
    rows = table(different(100), kinds)
    found = rows.filter(pl.col("id").is_in(chosen(rows, 30).implode()))
    assert dict(found.group_by("kind").len().rows()) == {"instruction": 21, "transcription": 6, "text": 3}


def test_a_row_that_is_like_another_is_never_held_out():
    pairs = [f"{QUESTION} {ending}" for ending in ("please", "thanks", "today", "now", "quickly")]
    rows = table([*pairs, *different(90)])
    held = chosen(rows, 40)
    assert len(held) == 40
    assert set(held).isdisjoint(rows["id"][:5])


def test_a_later_turn_counts_like_the_first():
    asked = [{"prompt": QUESTION, "spoken": QUESTION, "answer": "So."}]
    rows = table(["good morning to you", QUESTION, "a third that is another"], later=[asked, None, None])
    known = candidates(rows.head(1), {"instruction": 1.0}, SEED)
    assert find_similar(rows, known, 3, 0.5).select("other", "similarity").rows() == [(rows["id"][1], 1.0)]


def test_the_same_rows_are_held_out_however_they_are_cut_into_shards():
    rows = table(different(200))
    assert chosen(rows, 20).to_list() == chosen(rows, 20, shards=7).to_list()


def test_rows_without_words_are_like_nothing():
    rows = table([None, None, None, None], ["inaudible"] * 4)
    assert len(chosen(rows, 2)) == 2


@pytest.mark.parametrize(("rows", "count", "held"), [(10, 100, 5), (1, 1, 0), (0, 5, 0)])
def test_half_of_the_rows_at_most_are_held_out(rows, count, held):
    assert len(chosen(table(different(rows)), count)) == held


def test_every_row_that_is_too_alike_is_found_as_if_all_were_compared():
    draws = random.Random(5)
    words = [f"word{n}" for n in range(12)]
    prompts = [" ".join(draws.choices(words, k=draws.randrange(5, 16))) for _ in range(200)]
    prompts += [f"{prompt} {' '.join(draws.choices(words, k=draws.randrange(9)))}".strip() for prompt in prompts[:100]]
    rows = table(prompts)
    known = candidates(rows.head(100), {"instruction": 1.0}, SEED)

    def ngrams(prompt):
        each = prompt.split()
        return {tuple(each[n : n + 3]) for n in range(len(each) - 2)}

    def similarity(one, other):
        one, other = ngrams(one), ngrams(other)
        return len(one & other) / len(one | other)

    most = {}
    for row_id, prompt in zip(rows["id"][:100], prompts[:100], strict=True):
        others = [(other, similarity(prompt, text)) for other, text in zip(rows["id"], prompts, strict=True)]
        most[row_id] = max(share for other, share in others if other != row_id)
    expected = {row_id: share for row_id, share in most.items() if share >= 0.5}
    found = find_similar(rows, known, 3, 0.5)
    assert len(expected) > 5
    assert dict(found.select("id", "similarity").rows()) == pytest.approx(expected)
