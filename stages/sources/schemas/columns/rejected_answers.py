"""Answers that people did not want: a label of the whole row says so, as sets for KTO have it."""

from __future__ import annotations

import polars as pl

# The field of every schema with the columns that it is read from.
LABEL = {"label": ("label", "kto_tag")}
REJECTED = "rejected_answer"


def mark_rejected(converted: pl.DataFrame, labels: pl.Series, column: str) -> pl.DataFrame:
    """Converted rows; those whose label is false have the reason for it. A label that is a number names a class.

    `column`: the name that the labels have in the file.
    """
    is_false = _are_false(labels)
    if is_false is None or not is_false.any():
        return converted
    rejected = pl.col("reason").is_null() & is_false
    detail = f"its {column} is false: its answer is one that people did not want"
    return converted.with_columns(
        pl.when(rejected).then(pl.lit(REJECTED)).otherwise("reason").alias("reason"),
        pl.when(rejected).then(pl.lit(detail)).otherwise("detail").alias("detail"),
    )


def _are_false(labels: pl.Series) -> pl.Series | None:
    if labels.dtype == pl.Boolean:
        return ~labels.fill_null(True)
    if labels.dtype == pl.String:
        return labels.str.contains(r"(?i)^\s*false\s*$").fill_null(False)
    if labels.dtype == pl.Object:
        return pl.Series([value is False or _is_false(value) for value in labels.to_list()], dtype=pl.Boolean)
    return None


def _is_false(value: object) -> bool:
    return isinstance(value, str) and value.strip().lower() == "false"
