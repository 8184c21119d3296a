"""The columns of published rows as fields of JSON objects: all that is known of a row goes with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

# Of the audio formats: what is written to a place of its own, and what the tokens are written as for text trainers.
APART = ("audio", "flac", "rate", "channels", "frames", "seconds", "conversations")


def fields_without(rows: pl.DataFrame, names: Collection[str]) -> list[str]:
    """The columns of rows but for some, in their order."""
    return [name for name in rows.columns if name not in names]


def said(rows: pl.DataFrame) -> pl.Expr:
    """What is said in the whole of a row's audio: the words of every turn, with a blank between."""
    spoken = pl.col("spoken").fill_null("")
    if rows.schema.get("later_turns", pl.Null) == pl.Null:
        return spoken
    later = pl.col("later_turns").list.eval(pl.element().struct.field("spoken")).list.join(" ", ignore_nulls=True)
    return pl.concat_str(spoken, pl.when(later != "").then(" " + later).otherwise(pl.lit("")).fill_null(""))


def json_lines(rows: pl.DataFrame, fields: Sequence[pl.Expr | str]) -> list[str]:
    """A JSON object for each row."""
    return rows.select(pl.struct(fields).struct.json_encode()).to_series().to_list()
