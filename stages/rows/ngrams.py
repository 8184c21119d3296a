"""The word n-grams of a column of texts as hashes: what duplicates, and overlap with evaluations, are found by."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from sayso.filters.text.words import Hashes, Places, Words

# 2**64 over the golden ratio, odd: what Fibonacci hashing multiplies by (Knuth, volume 3, section 6.4).
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Ngrams:
    """The n-grams of many texts in order: those of text i are `hashes[starts[i] : starts[i + 1]]`."""

    hashes: Hashes
    starts: Places

    @property
    def texts(self) -> Places:
        """The text of each n-gram."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def ngrams(words: Words, length: int) -> Ngrams:
    """Every run of `length` words, as often as it stands there; a text of fewer words is one n-gram as a whole.

    A text without words has none. Two different n-grams share a hash once in 2**64 pairs.
    """
    counts = np.diff(words.starts)
    starts = np.concatenate([[0], np.cumsum(np.minimum(counts, np.maximum(counts - length + 1, 1)))])
    hashes = np.empty(starts[-1], dtype=np.uint64)
    _hash(words.hashes, words.starts, length, starts, hashes)
    return Ngrams(hashes, starts)


@numba.njit(cache=True)
def _hash(words: Hashes, word_starts: Places, length: int, starts: Places, hashes: Hashes) -> None:
    for text in range(len(starts) - 1):
        end = word_starts[text + 1]
        for number in range(starts[text + 1] - starts[text]):
            first = word_starts[text] + number
            found = np.uint64(0)
            for place in range(first, first + length):
                # Beyond the end of a short text stands nothing, which is no word.
                found = found * _FACTOR + (words[place] if place < end else np.uint64(0))
            hashes[starts[text] + number] = found
