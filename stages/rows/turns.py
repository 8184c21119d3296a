"""The turns of rows: a row is its first turn, and `later_turns` holds those after it where there are any.

A turn is a user's message and the assistant's answer.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

TURN = pl.Struct({"prompt": pl.String, "spoken": pl.String, "answer": pl.String})
LATER_TURNS = pl.List(TURN)


def turns(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each turn, in order: the number of its `row`, and its `prompt`, `spoken` and `answer`."""
    first = pl.concat_list(pl.struct("prompt", "spoken", "answer"))
    every = first.list.concat(pl.col("later_turns").fill_null(pl.lit([], LATER_TURNS)))
    return rows.select(pl.int_range(pl.len()).alias("row"), every.alias("turn")).explode("turn").unnest("turn")


def as_later_turns(each: pl.DataFrame, height: int) -> pl.Series:
    """Turns (`row`, ascending; `prompt`, `spoken`, `answer`) as `later_turns` of `height` rows, or null.

    Built on the offsets of Arrow's list layout: grouping takes many times longer.
    """
    starts = each["row"].search_sorted(pl.int_range(height + 1, eager=True), side="left").cast(pl.Int64)
    structs = each.select("prompt", "spoken", "answer").to_struct().to_arrow(compat_level=pl.CompatLevel.newest())
    lists = pl.from_arrow(pa.LargeListArray.from_arrays(starts.to_arrow(), structs))
    later_turns = pl.Series("later_turns", lists, dtype=LATER_TURNS)
    return pl.select(pl.when(later_turns.list.len() > 0).then(later_turns)).to_series()


def tokens_of_turns(rows: pl.DataFrame) -> pl.Series:
    """The sound tokens of each turn that has some, in order, from `sound_tokens` and `tokens_per_turn`."""
    counts = rows["tokens_per_turn"].explode(empty_as_null=False).to_numpy().astype(np.int64)
    codes = rows["sound_tokens"].explode(empty_as_null=False).to_arrow()
    ends = pa.array(np.append(0, np.cumsum(counts)), pa.int64())
    return pl.Series("sound_tokens", pl.from_arrow(pa.LargeListArray.from_arrays(ends, codes)))
