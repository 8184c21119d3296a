"""Inputs that belong to an instruction: said after it, on a line of their own, where they are not too long."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.columns.empty_values import says_something
from sayso.stages.sources.schemas.columns.text_edges import is_not_blank
from sayso.stages.sources.schemas.reading_options import ReadingOptions


def with_inputs(texts: pl.DataFrame, options: ReadingOptions) -> pl.DataFrame:
    """Texts whose `prompt` is followed by its `input` where both say something.

    `attached` says of a row that its input is longer than the source takes, and is null otherwise.
    """
    if texts["input"].null_count() == texts.height:
        return texts.with_columns(attached=pl.lit(None, pl.String))
    given, most = pl.col("input"), options.max_input_characters
    joined = says_something("input") & is_not_blank("prompt")
    too_long = pl.lit(False) if most is None else joined & (given.str.len_chars() > most)
    detail = pl.format("its input has {} characters; the source takes {}", given.str.len_chars(), pl.lit(most))
    return texts.with_columns(
        prompt=pl.when(joined).then(pl.col("prompt") + "\n" + given).otherwise("prompt"),
        attached=pl.when(too_long).then(detail),
    )
