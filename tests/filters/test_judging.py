"""Verdicts of several filters over rows, and what a filter that fails does to them."""

from __future__ import annotations

from typing import Literal

import polars as pl
import pytest
from pydantic import BaseModel

from sayso.filters import DEFAULT_FILTERS
from sayso.filters.judging import every_reason, first_reason, join_verdicts, reads_spoken
from sayso.filters.quality import Quality
from sayso.filters.speakable import Speakable
from sayso.filters.spoken_length import SpokenLength
from sayso.manifests.verdicts import VERDICT_SCHEMA
from tests.filters.rows import rows_of

PROMPTS = [
    "What is the capital of France?",
    "hello",
    "Read https://example.com to me.",
    "Tell me a joke and",
    "Qual è la capitale della Germania?",
]
REASONS = [None, "too_short", "url", "cut_off_prompt", "not_wanted_language"]


class Parity(BaseModel):
    """Drops odd numbers; a prompt that is no number raises."""

    filter: Literal["parity"] = "parity"

    def features(self) -> list[pl.Expr]:
        return [pl.col("prompt").map_batches(_integers, return_dtype=pl.Int64).alias("parity.number")]

    def reason(self) -> pl.Expr:
        return pl.when(pl.col("parity.number") % 2 == 1).then(pl.lit("odd_number"))


def _integers(texts: pl.Series) -> pl.Series:
    return pl.Series([int(text) for text in texts], dtype=pl.Int64)


def test_a_row_gets_the_first_reason_in_the_order_of_the_filters() -> None:
    verdicts = first_reason(rows_of(PROMPTS), DEFAULT_FILTERS)
    assert verdicts["reason"].to_list() == REASONS
    assert verdicts["filter"].to_list() == [None, "written_length", "speakable", "quality", "language"]
    assert verdicts["verdict"].to_list() == ["kept"] + ["dropped"] * 4


def test_verdicts_stand_in_the_order_of_the_rows_with_their_features_behind() -> None:
    rows = rows_of(PROMPTS)
    verdicts = first_reason(rows, DEFAULT_FILTERS)
    assert verdicts.select("id", "source", "position").equals(rows.select("id", "source", "position"))
    assert verdicts.columns[: len(VERDICT_SCHEMA)] == list(VERDICT_SCHEMA)
    assert [name.split(".")[0] for name in verdicts.columns[len(VERDICT_SCHEMA) :]] == sorted(
        (name.split(".")[0] for name in verdicts.columns[len(VERDICT_SCHEMA) :]),
        key=[one.filter for one in DEFAULT_FILTERS].index,
    )


def test_a_filter_sees_only_what_the_ones_before_it_kept() -> None:
    verdicts = first_reason(rows_of(PROMPTS), DEFAULT_FILTERS)
    assert verdicts["language.code"].to_list() == ["en", None, None, None, "it"]
    assert verdicts["spoken_length.words"].to_list() == [6, None, None, None, None]


def test_every_row_can_be_measured_by_every_filter_without_changing_a_verdict() -> None:
    rows = rows_of(PROMPTS)
    first, every = first_reason(rows, DEFAULT_FILTERS), every_reason(rows, DEFAULT_FILTERS)
    assert every.select(*VERDICT_SCHEMA).equals(first.select(*VERDICT_SCHEMA))
    assert every.schema == first.schema
    assert every["spoken_length.words"].null_count() == every["language.code"].null_count() == 0


def test_filters_asked_in_two_goes_say_what_they_say_in_one() -> None:
    rows, (earlier, later) = rows_of(PROMPTS), (DEFAULT_FILTERS[:3], DEFAULT_FILTERS[3:])
    first = first_reason(rows, earlier)
    left = first_reason(rows.filter(first["verdict"] == "kept"), later)
    assert join_verdicts(first, left).equals(first_reason(rows, DEFAULT_FILTERS))
    every = join_verdicts(every_reason(rows, earlier), every_reason(rows, later))
    assert every.equals(every_reason(rows, DEFAULT_FILTERS))


def test_a_filter_of_the_written_text_can_be_asked_before_anything_is_said() -> None:
    assert [one.filter for one in DEFAULT_FILTERS if reads_spoken(one)] == ["spoken_length", "pronounceable", "reading"]


def test_types_do_not_depend_on_the_rows() -> None:
    full = first_reason(rows_of(PROMPTS), DEFAULT_FILTERS)
    assert first_reason(rows_of([]), DEFAULT_FILTERS).schema == full.schema
    assert first_reason(rows_of(["hello"]), DEFAULT_FILTERS).schema == full.schema


def test_a_threshold_can_be_tried_again_from_the_stored_features() -> None:
    verdicts = every_reason(rows_of(PROMPTS), [SpokenLength()])
    again = verdicts.select(SpokenLength(max_words=3).reason().alias("reason"))["reason"]
    assert again.to_list() == ["too_many_words", None, "too_many_words", "too_many_words", "too_many_words"]


def test_a_verdict_does_not_depend_on_the_neighbours() -> None:
    together = first_reason(rows_of(PROMPTS), DEFAULT_FILTERS)
    alone = pl.concat([first_reason(rows_of([prompt]), DEFAULT_FILTERS) for prompt in PROMPTS])
    assert together.drop("id", "position").equals(alone.drop("id", "position"))


@pytest.mark.parametrize("judge", [first_reason, every_reason])
def test_a_row_that_breaks_a_filter_is_dropped_and_its_neighbours_are_judged(judge) -> None:  # type: ignore[no-untyped-def]
    rows = rows_of(["2", "3", "four", "5", "6", "seven", "8"])
    verdicts = judge(rows, [Parity()])
    assert verdicts["reason"].to_list() == [
        None,
        "odd_number",
        "filter_error",
        "odd_number",
        None,
        "filter_error",
        None,
    ]
    assert verdicts["parity.number"].to_list() == [2, 3, None, 5, 6, None, 8]
    broken = verdicts.row(2, named=True)
    assert broken["filter"] == "parity" and "invalid literal for int() with base 10: 'four'" in broken["detail"]


def test_filters_before_and_after_a_broken_one_still_judge() -> None:
    rows = rows_of(["2", "", "four"])
    verdicts = first_reason(rows, [Quality(), Parity(), Speakable()])
    assert verdicts["reason"].to_list() == [None, "empty_prompt", "filter_error"]


def test_a_missing_package_is_no_fault_of_the_rows() -> None:
    class NeedsPackage(Parity):
        def features(self) -> list[pl.Expr]:
            raise ModuleNotFoundError("No module named 'fasttext'")

    with pytest.raises(ModuleNotFoundError, match="fasttext"):
        first_reason(rows_of(["2"]), [NeedsPackage()])
