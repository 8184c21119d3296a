"""Marks of whole rows: which of several columns says no, and the rows that are dropped for it."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.messages.fields_beside import says_no, value_says_no

_FALSE = r"(?i)^\s*false\s*$"


def first_no(marks: pl.DataFrame) -> pl.Series | None:
    """For each row what the first of its marks that says no says, as in "`weight` is 0", null where none does.

    None where none does in any row.
    """
    if marks.width == 0:
        return None
    found = pl.DataFrame([_no_of(mark) for mark in marks]).select(pl.coalesce(marks.columns)).to_series()
    return None if found.null_count() == marks.height else found


def _no_of(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Object:
        said = [value_says_no(values.name, value) for value in values.to_list()]
        return pl.Series(values.name, said, dtype=pl.String)
    return values.to_frame().with_columns(says_no(values.name, values.dtype).alias(values.name)).to_series()


def false_alone(values: pl.Series) -> pl.Series:
    """Values that are false, or its word, as they are, and null in place of all others: of numbers, too."""
    if values.dtype == pl.Object:
        found = [value if _is_false(value) else None for value in values.to_list()]
        return pl.Series(values.name, found, dtype=pl.Object)
    if values.dtype == pl.String:
        return values.set(~values.str.contains(_FALSE).fill_null(True), None)
    return (
        values
        if values.dtype == pl.Boolean
        else pl.Series(values.name, [None], pl.Boolean).new_from_index(0, values.len())
    )


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def with_reason(converted: pl.DataFrame, reason: str, details: pl.Series) -> pl.DataFrame:
    """Converted rows; those that have no reason yet, and a detail, have this reason."""
    marked = pl.col("reason").is_null() & pl.lit(details.is_not_null())
    return converted.with_columns(
        pl.when(marked).then(pl.lit(reason)).otherwise("reason").alias("reason"),
        pl.when(marked).then(pl.lit(details)).otherwise("detail").alias("detail"),
    )
