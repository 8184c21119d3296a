"""Sound tokens as the strings that a trainer reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from sayso.manifests.dataset.contract import SOUND_END, SOUND_START
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.dataset.sound_spans import LONGEST_RUN

Spelling = Literal["tokens", "durations"]
Codes: TypeAlias = npt.NDArray[np.uint16]
Written: TypeAlias = npt.NDArray[np.bytes_]

# What stands before a token that is a run of so many; a single token has nothing before it.
_LENGTHS = np.array(["", "", *(f"<|duration_{run:02d}|>" for run in range(2, LONGEST_RUN + 1))], "S")


def sound_strings(tokens: pl.Series, spelling: Spelling, sound: SoundFormat) -> pl.Series:
    """One string for each list of tokens: start, the tokens with nothing in between, end; null for an empty list.

    `tokens` writes each token by itself, `durations` a run of 2 to 49 equal ones as its length and one token, as
    the later vocabulary (Speechless) has it; a longer run is written as several.
    """
    counts = tokens.list.len().to_numpy().astype(np.int64)
    codes = tokens.explode(empty_as_null=False).to_numpy()
    bodies = _SPELLINGS[spelling](codes, counts, _written(sound))
    table = pl.DataFrame({"body": bodies, "count": counts})
    whole = pl.format(f"{SOUND_START}{{}}{SOUND_END}", "body")
    return table.select(pl.when(pl.col("count") > 0).then(whole).alias("sound")).to_series()


@cache
def _written(sound: SoundFormat) -> Written:
    """Each code as it is written, all of one length."""
    return np.array([f"<|sound_{code:0{sound.digits}d}|>" for code in range(sound.highest + 1)], "S")


def _each(codes: Codes, counts: npt.NDArray[np.int64], written: Written) -> pl.Series:
    # All strings are of one length, so their bytes are a lookup and their ends a sum.
    return _strings(written[codes].tobytes(), counts * written.itemsize)


def _runs(codes: Codes, counts: npt.NDArray[np.int64], written: Written) -> pl.Series:
    row = np.repeat(np.arange(len(counts)), counts)
    opens = np.ones(len(codes), bool)
    opens[1:] = (codes[1:] != codes[:-1]) | (row[1:] != row[:-1])
    starts = np.flatnonzero(opens)
    place = np.arange(len(codes)) - np.repeat(starts, np.diff(starts, append=len(codes)))
    starts = np.flatnonzero(place % LONGEST_RUN == 0)
    lengths = np.diff(starts, append=len(codes))
    pieces = np.empty(len(starts), [("length", _LENGTHS.dtype), ("code", written.dtype)])
    pieces["length"], pieces["code"] = _LENGTHS[lengths], written[codes[starts]]
    widths = np.where(lengths > 1, pieces.itemsize, written.itemsize)
    sizes = np.bincount(row[starts], weights=widths, minlength=len(counts)).astype(np.int64)
    content = pieces.view(np.uint8)
    # Where there is no length, zeros stand in its place.
    return _strings(content[content != 0].tobytes(), sizes)


_SPELLINGS: dict[Spelling, Callable[[Codes, npt.NDArray[np.int64], Written], pl.Series]] = {
    "tokens": _each,
    "durations": _runs,
}


def _strings(content: bytes, sizes: npt.NDArray[np.int64]) -> pl.Series:
    """Consecutive pieces of `content` as strings."""
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    array = pa.LargeStringArray.from_buffers(len(sizes), pa.py_buffer(ends.tobytes()), pa.py_buffer(content))
    return pl.Series("sound", pl.from_arrow(array), dtype=pl.String)
