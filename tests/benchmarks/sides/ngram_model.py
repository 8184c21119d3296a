"""The project's linear model over words (`sayso.filters.text.ngram_model`), for one text at a time in Python."""

from __future__ import annotations

import re
from array import array
from base64 import b64decode
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_MASK = 0xFFFFFFFF
_LETTERS = rb"(?:[A-Za-z]|(?!\xe2\x80)[\x80-\xff])+"
_TOKEN = re.compile(
    rb"(?P<word>" + _LETTERS + rb")|(?P<figure>[0-9]+)|(?P<other>\xe2\x80?[\x80-\xff]?|\xe2.{0,2}|.)", re.DOTALL
)
_IN_WORD = re.compile(rb"(?<=[A-Za-z\x80-\xff])(?:'|\xe2\x80[\x98\x99])(?=[A-Za-z]|(?!\xe2\x80)[\x80-\xff])")
# Of the bytes after E2 80: which mark of ASCII the character is taken for.
_MARKS = {0x98: 39, 0x99: 39, 0x9C: 34, 0x9D: 34, 0xA6: 46, **dict.fromkeys(range(0x90, 0x96), 45)}
_LONGEST, _MOST = 640, 72


class NgramModel:
    """Log odds of texts; `content` has `weights` and `classes` in base64, and `bias`."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._weights = array("b", b64decode(content["weights"]))
        self._classes = b64decode(content["classes"])
        self._bias = content["bias"]
        self._word = lru_cache(maxsize=100_000)(self._look_up)

    def log_odds(self, *texts: str) -> float:
        found = {bucket for place, text in enumerate(texts) for bucket in self._features(text.encode(), place * 32)}
        return sum(self._weights[bucket] for bucket in found) / 64 + self._bias

    def _look_up(self, word: bytes, apostrophe: bool) -> tuple[int, int, tuple[int, int] | None]:
        """Hash and class of a word, and the hashes of its first four and last three letters where it is longer."""
        small = word.lower()
        token = _hash(b"'" + small if apostrophe else small)
        kind = self._classes[(token * 0x9E3779B1 & _MASK) >> 16]
        return token, kind, None if apostrophe or len(word) < 4 else (_hash(small[:4]), _hash(small[-3:]))

    def _features(self, text: bytes, salt: int) -> Iterator[int]:  # noqa: PLR0915, for it is one loop
        cut = len(text) > _LONGEST
        text = text[:_LONGEST]
        before, class_before, class_earlier = 0x5E, 1000, 1000
        counts = dict.fromkeys(("tokens", "capitals", "commas", "sentences", "figures", "lines", "quotes", "filled"), 0)
        ended, apostrophe, at = True, False, 0
        while True:
            if at >= len(text) or counts["tokens"] == _MOST:
                token, kind = (0x24 if at >= len(text) and not cut else 1), 1001
            else:
                found = _TOKEN.match(text, at)
                assert found
                piece, at = found[0], found.end()
                if found.lastgroup == "word":
                    token, kind, ends = self._word(piece, apostrophe)
                    if ends:
                        yield _bucket(ends[0], salt + 3)
                        yield _bucket(ends[1], salt + 4)
                    capital = 65 <= piece[0] <= 90 and len(piece) > 1
                    counts["capitals"] += capital and not ended and not apostrophe
                    ended = apostrophe = False
                elif found.lastgroup == "figure":
                    token, kind, ended, apostrophe = 0x30, 1002, False, False
                    counts["figures"] = 1
                else:
                    begin = at - len(piece)
                    byte = piece[0]
                    if byte == 0xE2:
                        piece = text[begin : begin + 3]
                        at = begin + len(piece)
                        byte = _MARKS.get(piece[2], 32) if len(piece) == 3 else 32
                    if byte == 39 and counts["tokens"] and _IN_WORD.match(text, begin):
                        apostrophe = True
                        continue
                    apostrophe = False
                    if (byte <= 32 and (byte != 10 or before == 10 or not counts["tokens"])) or byte == 127:
                        continue
                    token, kind = byte, 1003 + byte
                    counts["lines"] += byte == 10
                    counts["commas"] += byte == 44
                    counts["sentences"] += byte in b".?!"
                    counts["quotes"] += byte == 34
                    counts["filled"] |= byte == 58 and at < len(text)
                    ended = byte in b'.?!":\n'
            yield _bucket(token, salt)
            yield _bucket(_two(before, token), salt + 1)
            yield _bucket(kind, salt + 5)
            yield _bucket(_two(class_before, kind), salt + 6)
            yield _bucket(_two(_two(class_earlier, class_before), kind), salt + 7)
            yield _bucket(_two(class_before, token), salt + 8)
            yield _bucket(_two(before, kind), salt + 9)
            if kind == 1001:
                break
            counts["tokens"] += 1
            before, class_earlier, class_before = token, class_before, kind
        counts["tokens"] //= 4
        most = (14, 4, 4, 4, 1, 3, 2, 1)
        for number, (count, limit) in enumerate(zip(counts.values(), most, strict=True)):
            yield _bucket(number * 100 + min(count, limit), salt + 10)


@lru_cache(maxsize=200_000)
def _hash(word: bytes) -> int:
    found = 0x811C9DC5
    for byte in word:
        found = (found ^ byte) * 0x01000193 & _MASK
    return found


def _two(one: int, other: int) -> int:
    return (one * 0x85EBCA6B + other * 0x27D4EB2F + 0x165667B1) & _MASK


def _bucket(one: int, salt: int) -> int:
    found = (one ^ (salt * 0x9E3779B1)) & _MASK
    found = (found ^ (found >> 16)) * 0x85EBCA6B & _MASK
    found = (found ^ (found >> 13)) * 0xC2B2AE35 & _MASK
    return (found ^ (found >> 16)) >> 16
