"""Deduplicate: of the rows that ask the same thing, keep one, across all sources."""

from __future__ import annotations

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from manifests.verdicts import DROPPED, KEPT, VERDICT_SCHEMA, Outcome

KEY_COLUMNS = ("id", "source", "position", "text_hash")


class Deduplicate(BaseModel):
    """How rows are compared. Exact: the same prompt but for case, punctuation and spacing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exact: bool = Field(default=True, description="drop rows whose prompt was seen before")


def in_partition(partition: int, partitions: int) -> pl.Expr:
    """Whether a row belongs to a partition: duplicates share a text hash, so they meet in the same one."""
    return pl.col("text_hash").str.slice(0, 8).str.to_integer(base=16) % partitions == partition


def deduplicate(keys: pl.DataFrame, config: Deduplicate, sources: tuple[str, ...]) -> Outcome:
    """Judge one partition's keys (`id`, `source`, `position`, `text_hash`).

    Of equal hashes the row of the source named first in the recipe is kept, then the one with the smaller id,
    so the choice does not depend on the order in which shards were read. Verdicts carry the id of the keeper.
    """
    priority = {source: rank for rank, source in enumerate(sources)}
    ranked = keys.with_columns(pl.col("source").replace_strict(priority, return_dtype=pl.Int64).alias("priority"))
    ranked = ranked.sort("priority", "id")
    keeper = pl.col("id").first().over("text_hash") if config.exact else pl.col("id")
    ranked = ranked.with_columns(keeper.alias("keeper")).sort("id")
    is_kept = pl.col("keeper") == pl.col("id")
    verdicts = ranked.select(
        "id",
        "source",
        "position",
        pl.when(is_kept).then(pl.lit(KEPT)).otherwise(pl.lit(DROPPED)).alias("verdict"),
        pl.when(~is_kept).then(pl.lit("duplicates")).alias("filter"),
        pl.when(~is_kept).then(pl.lit("exact_duplicate")).alias("reason"),
        pl.lit(None, VERDICT_SCHEMA["detail"]).alias("detail"),
        pl.when(~is_kept).then(pl.col("keeper")).alias("duplicates.of"),
    )
    return Outcome(ranked.filter(is_kept).select("id", "source", "position"), verdicts)
