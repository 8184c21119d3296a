"""A linear classifier over the words of short texts: what a text does, told by many small signs at once.

A text becomes words, marks and figures; a word also stands for its beginning, its end and a class of words that are
used alike ("disclose", "reveal"). Each of these, and each two or three of them in a row, has a weight, found by a hash;
the sum of the weights are log odds. Sums of integers: the same on every machine and in any batch.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.filters.text.text_bytes import Bytes, text_bytes

Buckets = npt.NDArray[np.int32]
Weights = npt.NDArray[np.int8]

BUCKET_BITS = 16
# Weights are in so many parts of one, in log odds.
PARTS = 64
# No more of a text is looked at than so many bytes, and so many words and marks of these.
LONGEST_READ = 640
MOST_TOKENS = 72
# A token has at most so many features; what is said of the text as a whole comes to fewer than that.
_EACH, _WHOLE = 12, 16
_START, _PRIME = 0x811C9DC5, 0x01000193
_BEGIN, _END, _FIGURE, _LINE = 0x5E, 0x24, 0x30, 0x0A
CLASSES = "word_classes.bin"
CLASSES_SHA256 = "ac4256dd1eb4d8e9e9c23c22a1ff563d11b9d951756147979406ea47bde857e6"


class NgramModel:
    """The weights of one question, and the log odds of "yes" for columns of texts.

    The file holds 2**16 weights (int8, 64ths); `bias` are the log odds before anything
    is read. Raises ValueError where it is not the one with this SHA-256.
    """

    def __init__(self, name: str, sha256: str, bias: float) -> None:
        self._bias = np.float32(bias)
        self._weights = np.frombuffer(_content(name, sha256), np.int8)
        self._classes = word_classes()

    def log_odds(self, *columns: pl.Series) -> pl.Series:
        """Float32, a row each; null counts as an empty text. The columns are those that the weights were found for."""
        total = np.zeros(len(columns[0]), dtype=np.int32)
        for place, texts in enumerate(columns):
            data, starts = text_bytes(texts.fill_null(""))
            _add_scores(data, starts, place, self._classes, self._weights, total)
        return pl.Series((total / np.float32(PARTS)).astype(np.float32) + self._bias)


def word_classes() -> Bytes:
    """The class of each word by its hash: 0 for words of none."""
    return np.frombuffer(_content(CLASSES, CLASSES_SHA256), np.uint8)


def _content(name: str, sha256: str) -> bytes:
    """A file of `weights`. Its hash stands in the code, so that another file is another version of the code."""
    content = files("sayso.filters.text").joinpath("weights", name).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{name} is not the file that this version of sayso was made for: install it again")
    return content


def features_of(texts: pl.Series, place: int, classes: Bytes) -> tuple[Buckets, npt.NDArray[np.int64]]:
    """The buckets of all features of each text, one after the other, and where each text's begin; for training."""
    data, starts = text_bytes(texts.fill_null(""))
    return _all_features(data, starts, place, classes)


def hash_of(word: bytes) -> int:
    """The hash of a word in small letters: 32-bit FNV-1a."""
    found = _START
    for byte in word:
        found = (found ^ byte) * _PRIME & 0xFFFFFFFF
    return found


def slot_of(word_hash: int) -> int:
    """Where the class of a word stands."""
    return (word_hash * 0x9E3779B1 & 0xFFFFFFFF) >> 16


@numba.njit(cache=True, inline="always")
def _bucket(one: Any, salt: Any) -> Any:
    """The bucket of a feature: its hash and its kind, mixed as MurmurHash3 ends."""
    found = (one ^ (salt * 0x9E3779B1)) & 0xFFFFFFFF
    found = ((found ^ (found >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    found = ((found ^ (found >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return (found ^ (found >> 16)) >> (32 - BUCKET_BITS)


@numba.njit(cache=True, inline="always")
def _two(one: Any, other: Any) -> Any:
    return (one * 0x85EBCA6B + other * 0x27D4EB2F + 0x165667B1) & 0xFFFFFFFF


@numba.njit(cache=True, inline="always")
def _is_letter(data: Bytes, at: int, stop: int) -> bool:
    """Whether a byte is of a letter: of ASCII, or beyond but not U+2000 to U+203F, which are marks and blanks."""
    byte = data[at]
    if byte < 128:
        return 97 <= (byte | 32) <= 122
    return not (byte == 0xE2 and at + 1 < stop and data[at + 1] == 0x80)


@numba.njit(cache=True)
def _features(  # noqa: PLR0912, PLR0915, for it is one loop over the bytes of a text
    data: Bytes, at: int, stop: int, place: int, classes: Bytes, found: Buckets
) -> int:
    """Write the buckets of a text's features into `found`; gives how many they are."""
    cut = stop > at + LONGEST_READ
    if cut:
        stop = at + LONGEST_READ
    salt: Any = np.int64(place * 32)
    count = tokens = 0
    capitals = commas = sentences = figures = lines = quotes = filled = 0
    before: Any = np.int64(_BEGIN)
    class_before: Any = np.int64(1000)
    class_earlier: Any = np.int64(1000)
    ended = True
    apostrophe = False
    while True:
        token: Any = np.int64(0)
        if at >= stop or tokens == MOST_TOKENS:
            token = np.int64(_END) if at >= stop and not cut else np.int64(1)
            kind: Any = np.int64(1001)
        elif _is_letter(data, at, stop):
            begin = at
            capital = 65 <= data[at] <= 90
            token = np.int64(_START)
            if apostrophe:
                token = ((token ^ 39) * _PRIME) & 0xFFFFFFFF
            start: Any = np.int64(0)
            while at < stop and _is_letter(data, at, stop):
                byte = np.int64(data[at])
                if 65 <= byte <= 90:
                    byte |= 32
                token = ((token ^ byte) * _PRIME) & 0xFFFFFFFF
                at += 1
                if at - begin == 4:
                    start = token
            kind = np.int64(classes[((token * 0x9E3779B1) & 0xFFFFFFFF) >> 16])
            if at - begin > 3 and not apostrophe:
                found[count] = _bucket(start, salt + 3)
                end: Any = np.int64(_START)
                for place_of in range(at - 3, at):
                    byte = np.int64(data[place_of])
                    if 65 <= byte <= 90:
                        byte |= 32
                    end = ((end ^ byte) * _PRIME) & 0xFFFFFFFF
                found[count + 1] = _bucket(end, salt + 4)
                count += 2
            if capital and not ended and at - begin > 1 and not apostrophe:
                capitals += 1
            ended = apostrophe = False
        elif 48 <= data[at] <= 57:
            while at < stop and 48 <= data[at] <= 57:
                at += 1
            token = kind = np.int64(_FIGURE)
            kind = np.int64(1002)
            figures = 1
            ended = apostrophe = False
        else:
            byte = np.int64(data[at])
            step = 1
            if byte == 0xE2:
                step = min(3, stop - at)
                last = data[at + step - 1]
                byte = np.int64(32)
                if step == 3:
                    if 0x98 <= last <= 0x99:
                        byte = np.int64(39)
                    elif 0x9C <= last <= 0x9D:
                        byte = np.int64(34)
                    elif 0x90 <= last <= 0x95:
                        byte = np.int64(45)
                    elif last == 0xA6:
                        byte = np.int64(46)
            if (
                byte == 39
                and at
                and tokens
                and _is_letter(data, at - 1, stop)
                and at + step < stop
                and _is_letter(data, at + step, stop)
            ):
                at += step
                apostrophe = True
                continue
            apostrophe = False
            at += step
            if byte == 10:
                if before == _LINE or not tokens:
                    continue
                lines += 1
            elif byte <= 32 or byte == 127:
                continue
            token = byte
            kind = 1003 + byte
            if byte == 44:
                commas += 1
            elif byte in (33, 46, 63):
                sentences += 1
            elif byte == 34:
                quotes += 1
            elif byte == 58 and at < stop:
                filled = 1
            ended = byte in (10, 33, 34, 46, 58, 63)
        found[count] = _bucket(token, salt)
        found[count + 1] = _bucket(_two(before, token), salt + 1)
        found[count + 2] = _bucket(kind, salt + 5)
        found[count + 3] = _bucket(_two(class_before, kind), salt + 6)
        found[count + 4] = _bucket(_two(_two(class_earlier, class_before), kind), salt + 7)
        found[count + 5] = _bucket(_two(class_before, token), salt + 8)
        found[count + 6] = _bucket(_two(before, kind), salt + 9)
        count += 7
        if kind == 1001:
            break
        tokens += 1
        before, class_earlier, class_before = token, class_before, kind
    for number, value in enumerate(
        (
            min(tokens // 4, 14),
            min(capitals, 4),
            min(commas, 4),
            min(sentences, 4),
            figures,
            min(lines, 3),
            min(quotes, 2),
            filled,
        )
    ):
        found[count] = _bucket(np.int64(number * 100 + value), salt + 10)
        count += 1
    return count


@numba.njit(cache=True)
def _add_scores(
    data: Bytes,
    starts: npt.NDArray[np.int64],
    place: int,
    classes: Bytes,
    weights: Weights,
    total: npt.NDArray[np.int32],
) -> None:
    found = np.empty((MOST_TOKENS + 1) * _EACH + _WHOLE, dtype=np.int32)
    # The last text that had a feature: each counts once.
    seen = np.full(1 << BUCKET_BITS, -1, dtype=np.int64)
    for text in range(len(total)):
        for number in range(_features(data, starts[text], starts[text + 1], place, classes, found)):
            feature = found[number]
            if seen[feature] != text:
                seen[feature] = text
                total[text] += weights[feature]


@numba.njit(cache=True)
def _all_features(
    data: Bytes, starts: npt.NDArray[np.int64], place: int, classes: Bytes
) -> tuple[Buckets, npt.NDArray[np.int64]]:
    most = (MOST_TOKENS + 1) * _EACH + _WHOLE
    found = np.empty(most, dtype=np.int32)
    ends = np.zeros(len(starts), dtype=np.int64)
    for text in range(len(starts) - 1):
        ends[text + 1] = ends[text] + _features(data, starts[text], starts[text + 1], place, classes, found)
    every = np.empty(ends[-1], dtype=np.int32)
    for text in range(len(starts) - 1):
        count = _features(data, starts[text], starts[text + 1], place, classes, found)
        every[ends[text] : ends[text + 1]] = found[:count]
    return every, ends
