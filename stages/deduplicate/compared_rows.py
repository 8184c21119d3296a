"""What of each row is compared: its prompt, the prompts of a conversation, or its recording."""

from __future__ import annotations

import polars as pl

from sayso.filters.text.folding import text_hash
from sayso.stages.rows.recordings import IN_OWN_FILE, IS_RECORDED

READ = ("id", "prompt", "text_hash", "later_turns", "recording")


def as_compared(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `prompt` and `text_hash` as they are compared."""
    return recordings_for_themselves(conversations_as_a_whole(rows))


def conversations_as_a_whole(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, each conversation with the prompts of all its turns as its `prompt`.

    Many conversations begin with a greeting and are about something else. A row has no more turns than the dataset
    wants.
    """
    is_longer = rows.select(pl.col("later_turns").list.len().fill_null(0) > 0).to_series()
    if not is_longer.any():
        return rows
    prompts = pl.col("later_turns").list.eval(pl.element().struct["prompt"]).list.join("\n")
    whole = rows.select(pl.when(is_longer).then(pl.concat_str("prompt", prompts, separator="\n"))).to_series()
    hashes = text_hash(whole.filter(is_longer))
    return rows.with_columns(
        pl.coalesce(whole, "prompt").alias("prompt"), rows["text_hash"].scatter(is_longer.arg_true(), hashes)
    )


def recordings_for_themselves(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, of recorded speech each with `prompt` and `text_hash` of its own: nothing is like it but itself.

    That many people say the same words is what recordings are collected for. One that is listed twice has one content
    and one text; where it has two, the gates hear which is right.
    """
    recorded = rows.select(IS_RECORDED).to_series()
    if not recorded.any():
        return rows
    content = pl.coalesce(pl.when(IN_OWN_FILE).then(pl.col("recording").struct.field("content")), "id")
    itself = text_hash(rows.select(pl.concat_str(content, "prompt", separator=" ")).to_series())
    return rows.with_columns(
        pl.when(recorded).then(pl.lit(itself)).otherwise(name).alias(name) for name in ("prompt", "text_hash")
    )
