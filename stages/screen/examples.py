"""A filter tried on its own examples, as the rows that they stand for would reach it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sayso.filters.example import Example
from sayso.filters.judging import Filter, first_reason
from sayso.stages.screen.normalization import to_spoken


def judge_examples(one: Filter, examples: Sequence[Example]) -> pl.DataFrame:
    """The verdict of one filter on each example, in order, with its features."""
    prompts = pl.Series("prompt", [example.prompt for example in examples], dtype=pl.String)
    rows = pl.DataFrame([prompts]).hstack(to_spoken(prompts))
    spoken = pl.Series("spoken", [example.spoken for example in examples], dtype=pl.String)
    rows = rows.with_columns(
        spoken.fill_null(rows["spoken"]),
        id=pl.int_range(pl.len()).cast(pl.String),
        source=pl.lit("examples"),
        position=pl.format("example {}", pl.int_range(1, pl.len() + 1)),
        answer=pl.Series([example.answer for example in examples], dtype=pl.String),
    )
    return first_reason(rows, [one])
