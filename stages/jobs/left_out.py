"""The verdicts on rows that are left out of a job, for they kill its worker."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sayso.manifests.killing_rows import ENGINE, KILLS_THE_WORKER, KillingRow
from sayso.manifests.verdicts import DROPPED, VERDICT_SCHEMA, Outcome


def with_left_out(made: Outcome, rows: pl.DataFrame, killing: Sequence[KillingRow]) -> Outcome:
    """What was made of `rows` without those that kill, and the verdicts on these at their place among the others."""
    how = {row.id: row.how for row in killing}
    dropped = rows.filter(pl.col("id").is_in(list(how))).select(
        "id",
        "source",
        "position",
        verdict=pl.lit(DROPPED),
        filter=pl.lit(ENGINE),
        reason=pl.lit(KILLS_THE_WORKER),
        detail=pl.col("id").replace_strict(how, return_dtype=pl.String),
    )
    verdicts = pl.concat([made.verdicts, dropped.select(*VERDICT_SCHEMA)], how="diagonal")
    return Outcome(made.rows, _in_order(verdicts, rows["id"]))


def _in_order(verdicts: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    if ids.is_sorted():
        # Some may be of rows that the job itself makes.
        return verdicts.sort("id")
    places = pl.DataFrame({"id": ids}).with_row_index("place")
    return verdicts.join(places, on="id", how="left", maintain_order="left").sort("place").drop("place")
