"""Filters over rows: one verdict a row, with the measured features that led to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl
from polars import selectors

from sayso.manifests.verdicts import KEPT, VERDICT_SCHEMA, verdicts_of

FILTER_ERROR = "filter_error"

_ROW = "row"
_JUDGED = {_ROW: pl.UInt32, "filter": pl.String, "reason": pl.String, "detail": pl.String}


class Filter(Protocol):
    """What screening needs of a filter; any frozen model with these has it."""

    @property
    def filter(self) -> str: ...

    def features(self) -> list[pl.Expr]: ...

    def reason(self) -> pl.Expr: ...


def first_reason(rows: pl.DataFrame, filters: Sequence[Filter]) -> pl.DataFrame:
    """Judge rows by each filter in turn, a filter seeing only what the ones before it kept.

    Takes rows with id, source, position, prompt, answer and, where a filter reads them, spoken and unpronounceable. It
    gives a frame of the same height and order: the columns of VERDICT_SCHEMA, then every feature of every filter in the
    filters' order, null where the filter did not see the row. A row that a filter fails on is dropped by it with the
    reason "filter_error" and the error as the detail; its neighbours are judged as if it were not there.
    """
    alive = rows.with_row_index(_ROW)
    verdicts = alive.select(_ROW, "id", "source", "position")
    decided: list[pl.DataFrame] = []
    for one in filters:
        judged = _judge(alive, one)
        verdicts = verdicts.join(judged.drop("filter", "reason", "detail"), on=_ROW, how="left", maintain_order="left")
        dropped = judged.filter(pl.col("reason").is_not_null())
        decided.append(dropped.select(*_JUDGED))
        alive = alive.join(dropped, on=_ROW, how="anti", maintain_order="left")
    return _assemble(verdicts, decided)


def every_reason(rows: pl.DataFrame, filters: Sequence[Filter]) -> pl.DataFrame:
    """Measure every row with every filter; the verdict is the one that first_reason gives.

    Same shape as first_reason, with no feature missing, so that any threshold can be tried again later.
    """
    everything = rows.with_row_index(_ROW)
    verdicts = everything.select(_ROW, "id", "source", "position")
    decided: list[pl.DataFrame] = []
    for one in filters:
        judged = _judge(everything, one)
        verdicts = verdicts.join(judged.drop("filter", "reason", "detail"), on=_ROW, how="left", maintain_order="left")
        decided.append(judged.filter(pl.col("reason").is_not_null()).select(*_JUDGED))
    return _assemble(verdicts, decided)


def reads_spoken(one: Filter) -> bool:
    """Whether a filter looks at the prompt as it will be said: at the columns `spoken` or `unpronounceable`."""
    return any({"spoken", "unpronounceable"} & set(feature.meta.root_names()) for feature in one.features())


def join_verdicts(first: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """The verdicts `first`, and those of `then` on the rows that `first` kept, as if given in one go.

    Both as first_reason or every_reason gives them; rows and features of `then` that `first` has not are added.
    """
    decided = pl.col("verdict") != KEPT
    said = [name for name in VERDICT_SCHEMA if name not in ("id", "source", "position")]
    later = first.select("id", decided=decided).join(
        then.drop("source", "position"), on="id", how="left", maintain_order="left"
    )
    features = [name for name in then.columns if "." in name]
    return first.with_columns(
        *(pl.when(decided).then(pl.col(name)).otherwise(later[name]).alias(name) for name in said),
        *(later[name] for name in features),
    )


def _assemble(measured: pl.DataFrame, decided: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Verdict columns before the features: for each row what the first filter that dropped it said."""
    first = pl.concat([pl.DataFrame(schema=_JUDGED), *decided]).unique(_ROW, keep="first", maintain_order=True)
    features = [name for name in measured.columns if "." in name]
    judged = measured.join(first, on=_ROW, how="left", maintain_order="left")
    return verdicts_of(judged, pl.col("filter"), pl.col("reason"), features, detail=pl.col("detail"))


def _judge(rows: pl.DataFrame, one: Filter) -> pl.DataFrame:
    """Features, filter, reason and detail of each row; halves the rows until those that break it stand alone."""
    try:
        return _measure(rows, one)
    except ImportError:
        raise  # a package is missing: no fault of the rows
    except (Exception, pl.exceptions.PanicException) as error:
        if rows.is_empty():
            raise  # it fails on no row, but always
        if rows.height == 1:
            return _failed(rows, one, error)
    half = rows.height // 2
    return pl.concat([_judge(rows.head(half), one), _judge(rows.slice(half), one)])


def _measure(rows: pl.DataFrame, one: Filter) -> pl.DataFrame:
    # Lazily, so that what several features are made of is worked out once.
    features = rows.lazy().select(_ROW, *one.features()).collect()
    features = features.unnest(selectors.struct(), separator=".")
    reasons = features.select(reason=one.reason().cast(pl.String)).to_series()
    return features.with_columns(
        reasons,
        filter=pl.when(reasons.is_not_null()).then(pl.lit(one.filter)),
        detail=pl.lit(None, pl.String),
    )


def _failed(rows: pl.DataFrame, one: Filter, error: BaseException) -> pl.DataFrame:
    empty = _measure(rows.clear(), one)
    return pl.concat(
        [
            empty,
            rows.select(
                _ROW,
                filter=pl.lit(one.filter),
                reason=pl.lit(FILTER_ERROR),
                detail=pl.lit(f"{type(error).__name__}: {error}"),
            ),
        ],
        how="diagonal",
    )
