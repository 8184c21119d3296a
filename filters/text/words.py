"""The words of a column of texts as hashes: what tells repetition, duplicates and overlap apart from anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.filters.text.folding import fold_unicode, folded_bytes
from sayso.filters.text.text_bytes import Bytes, text_bytes

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

# 64-bit FNV-1a (Fowler, Noll, Vo), its bits mixed as MurmurHash3 ends: the same on every machine.
_START, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_MIX, _SHIFT = np.uint64(0xFF51AFD7ED558CCD), np.uint64(33)


@dataclass(frozen=True)
class Words:
    """The words of many texts: those of text i are `hashes[starts[i] : starts[i + 1]]`.

    Two words are the same but for case and Unicode form if and only if their hashes are (two others share one in
    2**64). `spelled` says of each whether it has two letters in a row, as no number has.
    """

    hashes: Hashes
    starts: Places
    spelled: npt.NDArray[np.bool_]


def words_of(texts: pl.Series) -> Words:
    """The runs of letters and digits of each text, whatever signs stand between them; none for null."""
    return hashed_words(plain_letters(texts))


def plain_letters(texts: pl.Series) -> pl.Series:
    """Texts in which each byte that is no ASCII is part of a word, as `hashed_words` takes them; nothing for null."""
    texts = texts.fill_null("")
    other = (texts.str.len_bytes() != texts.str.len_chars()).arg_true()
    # A copy, for `scatter` changes the series itself.
    return texts.clone().scatter(other, fold_unicode(texts.gather(other))) if len(other) else texts


def hashed_words(texts: pl.Series) -> Words:
    """The same as `words_of` of texts with plain letters."""
    return _words(*text_bytes(texts), LETTERS)


def folded_words(texts: pl.Series) -> Words:
    """The words and signs of each folded text (`sayso.filters.text.folding.fold`); none for null."""
    return _words(*folded_bytes(texts), _ALL_BUT_BLANKS)


def _words(data: Bytes, offsets: Places, kinds: Bytes) -> Words:
    starts = np.zeros(len(offsets), dtype=np.int64)
    # Room for words of one letter each, of which only what is written to takes memory: they are counted as they come.
    room = len(data) // 2 + len(offsets)
    hashes, spelled = np.empty(room, dtype=np.uint64), np.empty(room, dtype=np.bool_)
    _hash(data, offsets, kinds, starts, hashes, spelled)
    return Words(hashes[: starts[-1]], starts, spelled[: starts[-1]])


def _letters() -> Bytes:
    """What each byte is in a word: 0 no part of one, otherwise the byte in lower case."""
    kinds = np.zeros(256, dtype=np.uint8)
    for byte in range(256):
        if byte >= 128 or chr(byte).isalnum():
            kinds[byte] = ord(chr(byte).lower()) if byte < 128 else byte
    return kinds


LETTERS = _letters()
_ALL_BUT_BLANKS = np.where(np.arange(256) == ord(" "), 0, np.arange(256)).astype(np.uint8)


@numba.njit(cache=True)
def _hash(data: Bytes, offsets: Places, kinds: Bytes, starts: Places, hashes: Hashes, spelled: Any) -> None:
    word = 0
    for text in range(len(offsets) - 1):
        at, stop = offsets[text], offsets[text + 1]
        while at < stop:
            byte = kinds[data[at]]
            at += 1
            if not byte:
                continue
            found, letters, most = _START, 0, 0
            while byte:
                found = (found ^ np.uint64(byte)) * _PRIME
                # Continuation bytes belong to the character before; digits end a run of letters.
                if byte & 0xC0 != 0x80:
                    letters = 0 if byte < 58 else letters + 1
                    most = max(most, letters)
                if at == stop:
                    break
                byte = kinds[data[at]]
                at += 1
            found = (found ^ (found >> _SHIFT)) * _MIX
            hashes[word] = found ^ (found >> _SHIFT)
            spelled[word] = most >= 2
            word += 1
        starts[text + 1] = word


def all_words_in(texts: pl.Series, others: pl.Series) -> pl.Series:
    """Whether the spelled words of each text stand in the other text beside it, in this order."""
    one, other = words_of(texts), words_of(others)
    return pl.Series(_all_in(one.hashes, one.starts, one.spelled, other.hashes, other.starts))


@numba.njit(cache=True)
def _all_in(
    hashes: Hashes, starts: Places, spelled: npt.NDArray[np.bool_], others: Hashes, other_starts: Places
) -> npt.NDArray[np.bool_]:
    found = np.ones(len(starts) - 1, dtype=np.bool_)
    for text in range(len(found)):
        first, end = other_starts[text], other_starts[text + 1]
        place = first
        for word in range(starts[text], starts[text + 1]):
            if not spelled[word]:
                continue
            ahead = place
            while ahead < end and others[ahead] != hashes[word]:
                ahead += 1
            if ahead == end:
                found[text] = False
                break
            place = ahead + 1
    return found
