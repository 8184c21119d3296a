"""Reading sound tokens back from the strings that they are written as."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.manifests.dataset.sound_format import SoundFormat

# A run of equal tokens may be written once, with its length before it.
LONGEST_RUN = 49

Bytes = npt.NDArray[np.uint8]

_RUN = np.frombuffer(b"<|duration_00|>", np.uint8)


class SpanTokens(NamedTuple):
    """What spans hold: whether each is `whole`, and of the whole ones the `codes` in a row and their `counts`."""

    whole: pl.Series
    codes: npt.NDArray[np.uint16]
    counts: npt.NDArray[np.int64]


def read_spans(spans: pl.Series, sound: SoundFormat) -> SpanTokens:
    """The tokens of spans, each what stands between start and end.

    A span is whole when it is tokens of this format and nothing else, with or without the lengths of runs; null and the
    empty span are not.
    """
    token = np.frombuffer(f"<|sound_{0:0{sound.digits}d}|>".encode(), np.uint8)
    mask = -1 if sound.mask_code is None else sound.mask_code
    texts = spans.fill_null("")
    ends = np.cumsum(texts.str.len_bytes().to_numpy().astype(np.int64))
    content = np.frombuffer("".join(texts.to_list()).encode(), np.uint8)
    counts = _counts(content, ends, token, sound.highest, mask)
    codes = np.empty(counts.sum(), np.uint16)
    _fill(content, ends, counts, token, codes)
    return SpanTokens(pl.Series(counts > 0), codes, counts[counts > 0])


@numba.njit(cache=True, inline="always")
def _number(data: Bytes, at: int, end: int, pattern: Bytes) -> int:
    """The number that stands for the pattern's zeros, -1 where anything else is not as in the pattern."""
    if at + len(pattern) > end:
        return -1
    found = 0
    for place in range(len(pattern)):
        byte = data[at + place]
        if pattern[place] == 48:
            if byte < 48 or byte > 57:
                return -1
            found = found * 10 + byte - 48
        elif byte != pattern[place]:
            return -1
    return found


@numba.njit(cache=True)
def _counts(data: Bytes, ends: npt.NDArray[np.int64], token: Bytes, highest: int, mask: int) -> npt.NDArray[np.int64]:
    """How many tokens each span holds; none where it is not whole."""
    counts = np.zeros(len(ends), np.int64)
    start = 0
    for span in range(len(ends)):
        at, end, count = start, ends[span], 0
        while at < end:
            run = _number(data, at, end, _RUN)
            if run >= 0:
                at += len(_RUN)
            code = _number(data, at, end, token)
            if code < 0 or code > highest or code == mask or run > LONGEST_RUN or run in (0, 1):
                count = 0
                break
            count += max(run, 1)
            at += len(token)
        counts[span] = count
        start = end
    return counts


@numba.njit(cache=True)
def _fill(
    data: Bytes,
    ends: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
    token: Bytes,
    codes: npt.NDArray[np.uint16],
) -> None:
    start = place = 0
    for span in range(len(ends)):
        at, end = start, ends[span]
        while at < end and counts[span] > 0:
            run = _number(data, at, end, _RUN)
            if run >= 0:
                at += len(_RUN)
            code = _number(data, at, end, token)
            for _ in range(max(run, 1)):
                codes[place] = code
                place += 1
            at += len(token)
        start = end
