"""A budget is a seeded decision, on record for every row."""

import polars as pl
import pytest
from pydantic import ValidationError

from stages.sample import Sample, cutoffs, id_range, ranges_for, sample

ROWS = pl.DataFrame(
    {
        "id": [f"{n * 0x0123456789ABCDEF % (1 << 128):032x}" for n in range(1, 301)],
        "source": ["books"] * 100 + ["web"] * 200,
        "position": [f"rows.jsonl:{n}" for n in range(1, 301)],
    }
)


def kept(config, seed=7):
    return sample(ROWS, cutoffs(ROWS, config, seed), seed).rows


def test_without_a_count_every_row_stays():
    assert kept(Sample()).height == 300


def test_a_count_is_met_exactly_and_another_seed_takes_other_rows():
    first, second = kept(Sample(rows=50)), kept(Sample(rows=50), seed=8)
    assert first.height == second.height == 50
    assert set(first["id"]) != set(second["id"])
    assert kept(Sample(rows=50)).equals(first)


def test_shares_divide_the_count_by_source_and_give_what_is_there():
    by_source = dict(kept(Sample(rows=100, shares={"books": 0.25, "web": 0.75})).group_by("source").len().rows())
    assert by_source == {"books": 25, "web": 75}
    assert kept(Sample(rows=1000, shares={"books": 1.0})).height == 100


def test_a_row_over_budget_has_its_draw_and_the_cutoff_on_record():
    verdicts = sample(ROWS, cutoffs(ROWS, Sample(rows=50), 7), 7).verdicts
    out = verdicts.filter(pl.col("verdict") == "sampled_out")
    assert out.height == 250
    assert set(out["reason"]) == {"over_budget"}
    assert (out["sample.draw"] > out["sample.cutoff"]).all()


def test_judging_ranges_of_ids_one_by_one_gives_the_same_rows():
    limits = cutoffs(ROWS, Sample(rows=120), 7)
    names = ranges_for(120, 16)
    ranges = [id_range(number, len(names)) for number in range(len(names))]
    in_range = [ROWS.filter((pl.col("id") >= low) & (pl.col("id") < high)) for low, high in ranges]
    assert sum(part.height for part in in_range) == 300
    parts = pl.concat(sample(part, limits, 7).rows for part in in_range)
    assert parts.equals(sample(ROWS, limits, 7).rows)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"shares": {"web": 0.5}}, "shares need `rows`"),
        ({"rows": 10, "shares": {"web": 0.7, "books": 0.7}}, "add up to at most 1, not 1.4"),
        ({"rows": 0}, "greater than 0"),
    ],
)
def test_a_budget_that_makes_no_sense_is_refused(wrong, message):
    with pytest.raises(ValidationError, match=message):
        Sample(**wrong)
