"""What a stage decided about each row that entered it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from sayso.manifests.errors import SaysoError

KEPT = "kept"
DROPPED = "dropped"
SAMPLED_OUT = "sampled_out"

# Feature columns ("<filter>.<feature>") follow these, so one file answers why and by how much.
VERDICT_SCHEMA = {
    "id": pl.String,
    "source": pl.String,
    "position": pl.String,
    "verdict": pl.String,
    "filter": pl.String,
    "reason": pl.String,
    "detail": pl.String,
}
ALWAYS_STATED = ("id", "source", "position", "verdict")
NO_DETAIL = pl.lit(None, pl.String)
NO_REASON = pl.lit(None, pl.String)


@dataclass(frozen=True)
class Outcome:
    """What a stage made of one shard: the rows that go on, and a verdict on every row that came in."""

    rows: pl.DataFrame
    verdicts: pl.DataFrame


def outcome(
    rows: pl.DataFrame,
    filter: str,
    reason: pl.Expr,
    features: Sequence[str | pl.Expr] = (),
    *,
    kept: Sequence[str | pl.Expr],
    verdict: str = DROPPED,
    detail: pl.Expr = NO_DETAIL,
) -> Outcome:
    """The outcome for rows (`id`, `source`, `position` and what the expressions read) of one filter with one question.

    A row goes on where `reason` is null, as the columns `kept`; the others get `verdict`, `filter`, the reason and the
    detail. Every verdict has the features, named "<filter>.<feature>".
    """
    verdicts = verdicts_of(rows, pl.lit(filter), reason, features, verdict=verdict, detail=detail)
    return Outcome(rows.filter(verdicts["verdict"] == KEPT).select(kept), verdicts)


def verdicts_of(
    rows: pl.DataFrame,
    filter: pl.Expr,
    reason: pl.Expr,
    features: Sequence[str | pl.Expr],
    *,
    verdict: str = DROPPED,
    detail: pl.Expr = NO_DETAIL,
) -> pl.DataFrame:
    """The columns of `VERDICT_SCHEMA`, then the features, for each row in order: it is kept where `reason` is null."""
    dropped = reason.is_not_null()
    return rows.select(
        "id",
        "source",
        "position",
        pl.when(dropped).then(pl.lit(verdict)).otherwise(pl.lit(KEPT)).alias("verdict"),
        pl.when(dropped).then(filter).alias("filter"),
        reason.cast(pl.String).alias("reason"),
        pl.when(dropped).then(detail).alias("detail"),
        *features,
    )


class UnaccountedRows(SaysoError):
    """Raised when the verdicts of a stage do not add up to the rows that entered it."""


def check_accounted(outcome: Outcome, rows_in: int, where: str) -> None:
    """Fail unless every row that entered has exactly one verdict and exactly the kept ones go on.

    Raises UnaccountedRows naming `where` (stage and shard) and both counts.
    """
    verdicts = outcome.verdicts
    if verdicts.height != rows_in:
        raise UnaccountedRows(f"{where}: {rows_in} rows came in but {verdicts.height} verdicts were given")
    kept, going_on = verdicts["id"].filter(verdicts["verdict"] == KEPT), outcome.rows["id"]
    # They mostly go on in the order of their verdicts, which is quickly seen.
    are_same = kept.equals(going_on)
    if verdicts["id"].n_unique() != verdicts.height or not (are_same or going_on.n_unique() == going_on.len()):
        raise UnaccountedRows(f"{where}: an id occurs twice")
    if not are_same and (kept.len() != going_on.len() or not kept.is_in(going_on.implode()).all()):
        raise UnaccountedRows(f"{where}: {kept.len()} rows were kept but {going_on.len()} other rows go on")
    unexplained = verdicts.filter((pl.col("verdict") != KEPT) & pl.col("reason").is_null()).height
    if unexplained:
        raise UnaccountedRows(f"{where}: {unexplained} rows were dropped without a reason")
