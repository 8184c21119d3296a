"""A budget is a seeded decision, on record for every row."""

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from sayso.stages.rows.id_ranges import id_range, shards_for
from sayso.stages.rows.mixture import Mixture
from sayso.stages.rows.recordings import IS_RECORDED, RECORDING
from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.sample.sample import (
    KindCutoffs,
    Sample,
    draws_by_source,
    kind_cutoffs,
    kind_draws,
    sample,
    source_cutoffs,
)

ROWS = pl.DataFrame(
    {
        "id": [f"{n * 0x0123456789ABCDEF % (1 << 128):032x}" for n in range(1, 301)],
        "source": ["books"] * 100 + ["web"] * 200,
        "position": [f"rows.jsonl:{n}" for n in range(1, 301)],
        "later_turns": pl.Series([None] * 300, dtype=LATER_TURNS),
        "turns": pl.Series([1] * 300, dtype=pl.UInt8),
        "recording": pl.Series([None] * 300, dtype=RECORDING),
    }
)

# A tenth of them is recorded speech.
RECORDED = ROWS.with_columns(
    recording=pl.when(pl.int_range(300) % 10 == 0).then(
        pl.lit({"path": None, "content": "0", "speaker": None}, RECORDING)
    )
)

MIXTURE = Mixture(shares={"instruction": 0.7, "transcription": 0.2, "text": 0.1})


def planned(rows):
    """Rows as the plan of the sample sees them."""
    return rows.with_columns(recorded=IS_RECORDED)


def judged(config, seed=7):
    return sample(
        ROWS, source_cutoffs(draws_by_source([ROWS], seed), config), KindCutoffs({"instruction": 1.0}, {}), seed
    )


def kept(config, seed=7):
    return judged(config, seed).rows


def counts(config):
    return dict(kept(config).group_by("source").len().rows())


def test_without_a_count_every_row_stays():
    assert kept(Sample()).height == 300


def test_a_count_is_met_exactly_and_another_seed_takes_other_rows():
    first, second = kept(Sample(rows=50)), kept(Sample(rows=50), seed=8)
    assert first.height == second.height == 50
    assert set(first["id"]) != set(second["id"])
    assert kept(Sample(rows=50)).equals(first)


def test_shares_divide_the_count_by_source_and_give_what_is_there():
    assert counts(Sample(rows=100, shares={"books": 0.25, "web": 0.75})) == {"books": 25, "web": 75}
    assert kept(Sample(rows=1000, shares={"books": 1.0})).height == 100


@pytest.mark.parametrize(
    ("rows", "weights", "expected"),
    [
        (100, {"books": 1, "web": 3}, {"books": 25, "web": 75}),
        (101, {"books": 1, "web": 1}, {"books": 51, "web": 50}),
        (10, {"books": 2, "web": 1}, {"books": 7, "web": 3}),
        (250, {"books": 4, "web": 1}, {"books": 100, "web": 150}),
        (1000, {"books": 1, "web": 1}, {"books": 100, "web": 200}),
        (50, {"web": 0.1}, {"web": 50}),
    ],
)
def test_weights_divide_the_count_to_the_row_and_others_give_what_one_lacks(rows, weights, expected):
    assert counts(Sample(rows=rows, weights=weights)) == expected


def test_a_cap_limits_one_source_and_comes_before_the_budget():
    assert counts(Sample(caps={"web": 30})) == {"books": 100, "web": 30}
    assert kept(Sample(rows=120, caps={"web": 30})).height == 120
    assert counts(Sample(rows=60, caps={"web": 30}, weights={"books": 1, "web": 9})) == {"books": 30, "web": 30}
    assert set(kept(Sample(caps={"web": 30}))["id"]) < set(kept(Sample(caps={"web": 31}))["id"])


def test_a_row_over_its_sources_cap_has_its_draw_and_that_cutoff_on_record():
    verdicts = judged(Sample(rows=50, caps={"web": 60})).verdicts
    by_reason = dict(verdicts.group_by("reason").len().rows())
    assert by_reason == {None: 50, "over_cap": 140, "over_budget": 110}
    out = verdicts.filter(pl.col("verdict") == "sampled_out")
    assert (out["sample.draw"] > out["sample.cutoff"]).all()
    assert out.filter(pl.col("reason") == "over_cap")["source"].unique().to_list() == ["web"]


def test_the_cutoffs_do_not_depend_on_how_the_rows_were_cut_into_shards():
    shuffled = ROWS.sample(fraction=1, shuffle=True, seed=1)
    config = Sample(rows=70, weights={"books": 1, "web": 2}, caps={"web": 40})
    parts = draws_by_source(shuffled.iter_slices(37), 7)
    assert source_cutoffs(parts, config) == source_cutoffs(draws_by_source([ROWS], 7), config)


def test_a_row_over_budget_has_its_draw_and_the_cutoff_on_record():
    verdicts = judged(Sample(rows=50)).verdicts
    out = verdicts.filter(pl.col("verdict") == "sampled_out")
    assert out.height == 250
    assert set(out["reason"]) == {"over_budget"}
    assert (out["sample.draw"] > out["sample.cutoff"]).all()


def test_judging_ranges_of_ids_one_by_one_gives_the_same_rows():
    limits = source_cutoffs(draws_by_source([ROWS], 7), Sample(rows=120))
    kinds = kind_cutoffs(kind_draws([planned(ROWS)], limits, 7), MIXTURE)
    shards = shards_for(120, 16)
    ranges = [id_range(number, shards) for number in range(shards)]
    in_range = [ROWS.filter((pl.col("id") >= low) & (pl.col("id") < high)) for low, high in ranges]
    assert sum(part.height for part in in_range) == 300
    parts = pl.concat(sample(part, limits, kinds, 7).rows for part in in_range)
    assert parts.equals(sample(ROWS, limits, kinds, 7).rows)


@pytest.mark.parametrize("rows", [1, 2, 9, 10, 57, 300])
def test_kinds_are_dealt_to_one_row(rows):
    limits = source_cutoffs(draws_by_source([ROWS], 7), Sample(rows=rows))
    kinds = kind_cutoffs(kind_draws(planned(ROWS).iter_slices(70), limits, 7), MIXTURE)
    dealt = dict(sample(ROWS, limits, kinds, 7).rows.group_by("kind").len().rows())
    assert sum(dealt.values()) == rows
    assert all(abs(dealt.get(kind, 0) - share * rows) < 1 for kind, share in MIXTURE.shares.items())


def test_a_kind_is_on_record_and_has_nothing_to_do_with_the_draw_that_let_a_row_stay():
    limits = source_cutoffs(draws_by_source([ROWS], 7), Sample(rows=200))
    kinds = kind_cutoffs(kind_draws([planned(ROWS)], limits, 7), MIXTURE)
    outcome = sample(ROWS, limits, kinds, 7)
    stayed = outcome.verdicts.filter(pl.col("verdict") == "kept")
    assert stayed["sample.kind"].to_list() == outcome.rows["kind"].to_list()
    means = stayed.group_by("sample.kind").agg(pl.col("sample.draw").mean())["sample.draw"]
    assert np.ptp(means.to_numpy()) < 0.15


def talking(*turns):
    """The rows with so many turns each, over and over."""
    counts = pl.Series("turns", turns, pl.UInt8).gather(np.arange(ROWS.height) % len(turns))
    later = [[{"prompt": f"p{n}", "spoken": f"s{n}", "answer": f"a{n}"} for n in range(2, most + 1)] for most in counts]
    return ROWS.with_columns(counts, pl.Series("later_turns", [each or None for each in later], dtype=LATER_TURNS))


def dealt(rows, mixture):
    limits = source_cutoffs(draws_by_source([rows], 7), Sample())
    kinds = kind_cutoffs(kind_draws(planned(rows).iter_slices(70), limits, 7), mixture)
    return sample(rows, limits, kinds, 7)


def tally(outcome):
    return dict(outcome.rows.group_by("kind").len().rows())


SPOKEN = {"instruction": 0.5, "text": 0.2, "two_turn": 0.2, "four_turn": 0.1}


def test_kinds_of_several_turns_go_to_rows_that_have_so_many_exact_to_one_row():
    outcome = dealt(talking(1, 3, 4, 2, 1, 5), Mixture(shares=SPOKEN))
    assert tally(outcome) == {"instruction": 150, "text": 60, "two_turn": 60, "four_turn": 30}
    turns = outcome.rows.group_by("kind").agg(turns=1 + pl.col("later_turns").list.len().fill_null(0).unique())
    assert dict(turns.rows()) == {"instruction": [1], "text": [1], "two_turn": [2], "four_turn": [4]}
    turns = outcome.rows.filter(pl.col("kind") == "two_turn")["later_turns"].to_list()
    assert turns == [[{"prompt": "p2", "spoken": "s2", "answer": "a2"}]] * 60
    assert "turns" not in outcome.rows.columns


def test_where_few_rows_have_enough_turns_the_other_kinds_share_the_rest():
    outcome = dealt(talking(1, 1, 1, 1, 1, 1, 1, 2, 1, 4), Mixture(shares={**SPOKEN, "four_turn": 0.05, "text": 0.25}))
    assert tally(outcome) == {"instruction": 160, "text": 80, "two_turn": 45, "four_turn": 15}
    assert tally(dealt(talking(1), Mixture(shares=SPOKEN))) == {"instruction": 214, "text": 86}


def test_a_row_that_has_several_turns_and_got_a_kind_of_one_has_any_of_them_as_likely():
    stayed = dealt(talking(1, 4), Mixture(shares=SPOKEN)).rows.join(talking(1, 4).select("id", "turns"), on="id")
    shares = (
        stayed.filter(pl.col("later_turns").is_null()).group_by("turns").agg(text=(pl.col("kind") == "text").mean())
    )
    assert np.ptp(shares["text"].to_numpy()) < 0.1


def test_a_row_with_fewer_turns_than_every_kind_goes_with_that_reason():
    outcome = dealt(talking(1, 2, 4), Mixture(counts={"two_turn": 10, "four_turn": 30}))
    assert tally(outcome) == {"two_turn": 100, "four_turn": 100}
    gone = outcome.verdicts.filter(pl.col("verdict") == "sampled_out")
    assert gone.select("filter", "reason").unique().rows() == [("sample", "too_few_turns")]
    assert gone.height == 100


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"shares": {"web": 0.5}}, "shares need `rows`"),
        ({"weights": {"web": 3}}, "weights need `rows`"),
        ({"rows": 9, "shares": {"web": 0.5}, "weights": {"web": 3}}, "give one of them"),
        ({"rows": 9, "weights": {"web": 0}}, "greater than 0"),
        ({"caps": {"web": 0}}, "greater than 0"),
        ({"rows": 10, "shares": {"web": 0.7, "books": 0.7}}, "add up to at most 1, not 1.4"),
        ({"rows": 0}, "greater than 0"),
    ],
)
def test_a_budget_that_makes_no_sense_is_refused(wrong, message):
    with pytest.raises(ValidationError, match=message):
        Sample(**wrong)


def dealt_of(rows, mixture):
    """How many rows are of each kind, and why the others fell out."""
    limits = source_cutoffs(draws_by_source([rows], 7), Sample())
    outcome = sample(rows, limits, kind_cutoffs(kind_draws([planned(rows)], limits, 7), mixture), 7)
    kinds = outcome.rows.group_by(IS_RECORDED.alias("recorded"), "kind").len().rows()
    reasons = outcome.verdicts.drop_nulls("reason").group_by("reason").len().rows()
    return {(recorded, kind): count for recorded, kind, count in kinds}, dict(reasons)


def test_recorded_speech_becomes_what_it_can_be_and_texts_what_is_missing():
    mixture = Mixture(shares={"instruction": 0.8, "transcription": 0.15, "pretraining": 0.05})
    assert dealt_of(RECORDED, mixture) == (
        {
            (True, "pretraining"): 15,
            (True, "transcription"): 15,
            (False, "transcription"): 30,
            (False, "instruction"): 240,
        },
        {},
    )


def test_recorded_speech_is_transcribed_where_the_recipe_says_nothing_of_kinds():
    assert dealt_of(RECORDED, Mixture()) == ({(True, "transcription"): 30, (False, "instruction"): 270}, {})


def test_rows_that_can_be_of_no_kind_that_is_asked_for_fall_out():
    assert dealt_of(RECORDED, Mixture(shares={"pretraining": 1.0})) == ({(True, "pretraining"): 30}, {"no_kind": 270})
    assert dealt_of(RECORDED, Mixture(shares={"instruction": 1.0})) == ({(False, "instruction"): 270}, {"no_kind": 30})
