"""Where the recording of a row lies that somebody has spoken; null in a row that a voice says or nobody does."""

from __future__ import annotations

import polars as pl

# `path`: the recording's own file, seen from the folder of the file that its row is in; null where it lies in the row.
# `content`: 32 hex that stand for the bytes of that file, or of the row's, as a source's store has it for a remote one.
# `speaker`: as the source calls them, or null.
RECORDING = pl.Struct({"path": pl.String, "content": pl.String, "speaker": pl.String})
NO_RECORDING = pl.lit(None, RECORDING).alias("recording")
IS_RECORDED = pl.col("recording").is_not_null()
# A recording in a file of its own is known by what it holds; one that lies in its row, by that row alone.
IN_OWN_FILE = pl.col("recording").struct.field("path").is_not_null()
# What the published rows call whoever speaks in a recording, with the source's own name behind it where it has one.
RECORDED = "recorded"
