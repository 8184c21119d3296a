"""Screen: write each prompt as it will be said, then let the filters decide which rows may stay."""

from __future__ import annotations

from itertools import takewhile
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from filters import DEFAULT_FILTERS, AnyFilter
from filters.folding import text_hash
from filters.screening import chained, every_reason, first_reason, reads_spoken
from manifests.verdicts import KEPT, Outcome
from stages.spoken import to_spoken


class Screen(BaseModel):
    """Which filters look at a row, in which order, and how much of it they measure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filters: tuple[AnyFilter, ...] = Field(default=DEFAULT_FILTERS, description="asked in this order")
    features: Literal["survivors", "all"] = Field(
        default="survivors",
        description="measure a row until a filter drops it, or by every filter whatever the verdict",
    )


def screen(rows: pl.DataFrame, config: Screen) -> Outcome:
    """Judge ingested rows; kept rows gain `spoken`, `language` and `text_hash`, and are sorted by id.

    Prompts are put into spoken words when the first filter asks for them, and by default only those of the rows that
    are left by then. `text_hash` is the xxh3-128 of the prompt without case, punctuation and spacing: equal for exact
    duplicates. Sorted rows let later stages read a range of ids without reading the whole shard.
    """
    judge, goes_on = {
        "survivors": (first_reason, pl.col("verdict") == KEPT),
        "all": (every_reason, pl.lit(True)),
    }[config.features]
    written = tuple(takewhile(lambda one: not reads_spoken(one), config.filters))
    verdicts = judge(rows, written)
    rows = rows.filter(verdicts.select(goes_on).to_series())
    rows = rows.with_columns(to_spoken(rows["prompt"]))
    verdicts = chained(verdicts, judge(rows, config.filters[len(written) :]))
    # Where the first opinion was unsure, the second decided.
    opinions = [name for name in ("language.second", "language.code") if name in verdicts.columns]
    language = pl.coalesce(*opinions, pl.lit(None, pl.String)).alias("language")
    kept = verdicts.filter(pl.col("verdict") == KEPT).select("id", language)
    rows = rows.drop("unsaid").join(kept, on="id", how="inner", maintain_order="left").sort("id")
    return Outcome(rows.with_columns(text_hash(rows["prompt"])), verdicts)
