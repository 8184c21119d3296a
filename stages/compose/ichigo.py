"""The config `ichigo`: said rows in the columns and strings of Ichigo's published datasets."""

from __future__ import annotations

import polars as pl

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.compose.sound_strings import sound_strings


def ichigo(published: pl.DataFrame, first: int, sound: SoundFormat) -> pl.DataFrame:
    """Those of the published rows that are sound and have an answer, in Ichigo's columns.

    `index` is the row's number in the default config, where the first of these rows is number `first`. `prompt` is
    the sound string; a row of several turns has the tokens of all of them, and its first prompt as `text_prompt`.
    """
    from sayso.stages.compose.published_columns import ICHIGO_FEATURES

    tokens = pl.col("sound_tokens")
    numbered = published.with_row_index("index", offset=first).filter(
        (tokens.list.len() > 0) & pl.col("answer").is_not_null()
    )
    message = pl.element().struct
    return numbered.select(
        "index",
        tokens.alias("tokens"),
        pl.col("spoken").alias("text_prompt"),
        "answer",
        tokens.list.len().alias("length"),
        sound_strings(numbered["sound_tokens"], "tokens", sound).alias("prompt"),
        pl.col("conversations").list.eval(pl.struct(message.field("content"), message.field("role"))),
    ).select(list(ICHIGO_FEATURES))
