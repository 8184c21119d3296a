"""Sound tokens as the strings that a trainer reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from sayso.manifests.dataset.contract import SOUND_END, SOUND_START
from sayso.manifests.dataset.sound_spans import LONGEST_RUN, SOUND_CODES

Spelling = Literal["tokens", "durations"]

_CODES = np.array([f"<|sound_{code:04d}|>" for code in range(SOUND_CODES)], "S14")
# All there are, by the length of the run; a single token has no length before it.
_RUNS = np.array(
    [
        [f"<|duration_{run:02d}|>" * (run > 1) + f"<|sound_{code:04d}|>" for code in range(SOUND_CODES)]
        for run in range(LONGEST_RUN + 1)
    ],
    "S29",
)


def sound_strings(tokens: pl.Series, spelling: Spelling) -> pl.Series:
    """One string for each list of tokens: start, the tokens with nothing in between, end; null for an empty list.

    `tokens` writes each token by itself, `durations` a run of 2 to 49 equal ones as its length and one token, as
    the later vocabulary (Speechless) has it; a longer run is written as several.
    """
    counts = tokens.list.len().to_numpy().astype(np.int64)
    codes = tokens.explode(empty_as_null=False).to_numpy()
    bodies = _SPELLINGS[spelling](codes, counts)
    table = pl.DataFrame({"body": bodies, "count": counts})
    whole = pl.format(f"{SOUND_START}{{}}{SOUND_END}", "body")
    return table.select(pl.when(pl.col("count") > 0).then(whole).alias("sound")).to_series()


def _each(codes: npt.NDArray[np.uint16], counts: npt.NDArray[np.int64]) -> pl.Series:
    # All strings are of one length, so their bytes are a lookup and their ends a sum.
    return _strings(_CODES[codes].tobytes(), counts * _CODES.itemsize)


def _runs(codes: npt.NDArray[np.uint16], counts: npt.NDArray[np.int64]) -> pl.Series:
    row = np.repeat(np.arange(len(counts)), counts)
    opens = np.ones(len(codes), bool)
    opens[1:] = (codes[1:] != codes[:-1]) | (row[1:] != row[:-1])
    starts = np.flatnonzero(opens)
    place = np.arange(len(codes)) - np.repeat(starts, np.diff(starts, append=len(codes)))
    starts = np.flatnonzero(place % LONGEST_RUN == 0)
    lengths = np.diff(starts, append=len(codes))
    pieces = _RUNS[lengths, codes[starts]]
    widths = np.where(lengths > 1, _RUNS.itemsize, _CODES.itemsize)
    sizes = np.bincount(row[starts], weights=widths, minlength=len(counts)).astype(np.int64)
    written = pieces.view(np.uint8)
    # Shorter pieces are filled up with zeros.
    return _strings(written[written != 0].tobytes(), sizes)


_SPELLINGS: dict[Spelling, Callable[[npt.NDArray[np.uint16], npt.NDArray[np.int64]], pl.Series]] = {
    "tokens": _each,
    "durations": _runs,
}


def _strings(content: bytes, sizes: npt.NDArray[np.int64]) -> pl.Series:
    """Consecutive pieces of `content` as strings."""
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    array = pa.LargeStringArray.from_buffers(len(sizes), pa.py_buffer(ends.tobytes()), pa.py_buffer(content))
    return pl.Series("sound", pl.from_arrow(array), dtype=pl.String)
