"""The digits of a column of texts as hashes, for telling the few that differ apart from the many that do not."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.filters.text.number_words import COUNTED, WORDS
from sayso.filters.text.text_bytes import Bytes, text_bytes

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

_START, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_OTHER, _SMALL, _HUNDRED, _SCALE, _ONE, _AND = range(6)
_KINDS = {"small": _SMALL, "hundred": _HUNDRED, "scale": _SCALE, "one": _ONE}


def digit_hashes(texts: pl.Series) -> Hashes:
    """A number for each text that is equal where `digits_in` is, but for fractions in one sign; null is no text."""
    data, offsets = text_bytes(texts.fill_null(""))
    return _digit_hashes(data, offsets, *_TABLE)


def _table() -> tuple[Hashes, npt.NDArray[np.int8], Places, npt.NDArray[np.bool_]]:
    """The words that numbers are made of, by their hashes, sorted: kind, value, and whether "a" counts them."""
    found = {_hash(word): (_KINDS[kind], value, word in COUNTED) for word, (kind, value) in WORDS.items()}
    found[_hash("and")] = (_AND, 0, False)
    found.setdefault(_hash("dozen"), (_OTHER, 0, True))
    hashes = sorted(found)
    kinds, values, counted = zip(*(found[key] for key in hashes), strict=True)
    return np.array(hashes, np.uint64), np.array(kinds, np.int8), np.array(values, np.int64), np.array(counted)


def _hash(word: str) -> int:
    found = int(_START)
    for byte in word.encode():
        found = (found ^ byte) * int(_PRIME) & 0xFFFFFFFFFFFFFFFF
    return found


_TABLE = _table()


@numba.njit(cache=True)
def _emit(found: Any, number: Any) -> Any:
    """The hash with the digits of a number behind, zeros left out."""
    scale = 1
    while number // scale >= 10:
        scale *= 10
    while scale:
        digit = number // scale % 10
        if digit:
            found = (found ^ np.uint64(digit)) * _PRIME
        scale //= 10
    return found


@numba.njit(cache=True)
def _digit_hashes(  # noqa: PLR0912, PLR0915, for calls between compiled functions would have to carry its whole state
    data: Bytes,
    offsets: Places,
    words: Hashes,
    kinds: npt.NDArray[np.int8],
    values: Places,
    counted: npt.NDArray[np.bool_],
) -> Hashes:
    hashes = np.empty(len(offsets) - 1, dtype=np.uint64)
    for text in range(len(hashes)):
        found: Any = _START
        at, stop = offsets[text], offsets[text + 1]
        # As in `digits_in`: -1 where there is none.
        whole: Any = np.int64(-1)
        part: Any = np.int64(-1)
        least: Any = np.int64(0)
        after_a = False
        while at < stop:
            byte = data[at] | 32
            if 48 <= data[at] <= 57:
                if whole >= 0 or part >= 0:
                    found = _emit(found, max(whole, 0) + max(part, 0))
                    whole = part = -1
                while at < stop and 48 <= data[at] <= 57:
                    if data[at] != 48:
                        found = (found ^ np.uint64(data[at] - 48)) * _PRIME
                    at += 1
                after_a = False
                continue
            if not 97 <= byte <= 122:
                at += 1
                continue
            word: Any = _START
            while at < stop and 97 <= (data[at] | 32) <= 122:
                word = (word ^ np.uint64(data[at] | 32)) * _PRIME
                at += 1
            place = np.searchsorted(words, word)
            known = place < len(words) and words[place] == word
            kind: Any = kinds[place] if known else np.int8(_OTHER)
            value: Any = values[place] if known else np.int64(0)
            if after_a and known and counted[place]:
                found = _emit(found, 1)
            after_a = False
            idle = whole < 0 and part < 0
            if kind == _SMALL:
                goes_on = part > 0 and (part % 100 == 0 or (part % 10 == 0 and part % 100 != 10 and value < 10))
                if part >= 0 and not goes_on:
                    found = _emit(found, max(whole, 0) + part)
                    whole = part = -1
                part = max(part, 0) + value
            elif kind == _HUNDRED and 0 <= part < 100:
                part *= value
            elif kind == _SCALE and not idle:
                if whole >= 0 and value >= least:
                    found = _emit(found, whole)
                    whole = -1
                whole, part, least = max(whole, 0) + (1 if part < 0 else part) * value, -1, value
            elif idle or kind != _AND:
                if not idle:
                    found = _emit(found, max(whole, 0) + max(part, 0))
                    whole = part = -1
                after_a = kind == _ONE
        if whole >= 0 or part >= 0:
            found = _emit(found, max(whole, 0) + max(part, 0))
        hashes[text] = found
    return hashes
