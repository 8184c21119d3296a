"""Frames: runs of words that many prompts share. They say how something is asked, and not what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from sayso.filters.text.words import Hashes, Places, Words
from sayso.stages.rows.ngrams import ngrams

# So many more bits of a hash find its bit in the bitmap, of which then at most one in 8 is set.
EXTRA_BITS = 3
SMALLEST_BITS = 10

Runs = npt.NDArray[np.uint32]


def run_keys(words: Words, texts: npt.NDArray[np.uint32], length: int, part: int, parts: int) -> Hashes:
    """Each run of `length` words, as 32 bits of its hash before the 32 bits that stand for its text.

    Of `parts` that the hashes are divided into, one. Two runs share 32 bits once in 4 billion pairs, so that a count is
    off by one in few of a hundred runs where there are 100 million.
    """
    found = ngrams(words, length)
    # A text of fewer words is one n-gram as a whole, and no run.
    counts = np.diff(found.starts) * (np.diff(words.starts) >= length)
    of = np.repeat(np.arange(len(counts)), np.diff(found.starts))
    runs = found.hashes >> np.uint64(32)
    wanted = counts[of] > 0
    if parts > 1:
        wanted &= runs % np.uint64(parts) == part
    return runs[wanted] << np.uint64(32) | texts[of[wanted]]


def shared_runs(keys: Iterable[Hashes], above: int) -> Runs:
    """The runs of keys from any number of shards that are in more than `above` texts, ascending: the same in whatever
    order these come. A text counts once, however many rows say it.
    """
    every = np.concatenate([np.empty(0, np.uint64), *keys])
    every.sort()
    runs = (every[np.concatenate([[True], every[1:] != every[:-1]])] if len(every) else every) >> np.uint64(32)
    # One that stands `above` places further on, too, is in more texts than that.
    shared = runs[: max(0, len(runs) - above)]
    return np.unique(shared[shared == runs[above:]]).astype(np.uint32)


@dataclass(frozen=True)
class Frames:
    """The runs of `length` words that are frames, ascending, and a bitmap by which the others are told at once."""

    length: int
    runs: Runs
    bitmap: npt.NDArray[np.bool_]
    shift: np.uint32

    @classmethod
    def of(cls, runs: Runs, length: int) -> Frames:
        bits = min(32, max(SMALLEST_BITS, len(runs).bit_length() + EXTRA_BITS))
        shift = np.uint32(32 - bits)
        bitmap = np.zeros(1 << bits, dtype=np.bool_)
        bitmap[runs >> shift] = True
        return cls(length, runs, bitmap, shift)

    def outside(self, words: Words) -> tuple[Words, Places]:
        """What the texts that have a frame say outside of it, in pieces, and the text of each piece.

        A text without a frame has no piece; one that is nothing else has a single piece without words.
        """
        found = ngrams(words, self.length)
        covered = np.zeros(len(words.hashes), dtype=np.bool_)
        _cover(found.hashes, found.starts, words.starts, self.length, self.runs, self.bitmap, self.shift, covered)
        counts = np.concatenate([[0], np.cumsum(covered)])
        framed = counts[words.starts[1:]] > counts[words.starts[:-1]]
        text = np.repeat(np.arange(len(framed)), np.diff(words.starts))
        begins = ~covered & framed[text]
        left, owners = np.flatnonzero(begins), text[begins]
        # A piece begins where a frame ends, or the text begins.
        first = np.concatenate([[True], (np.diff(left) > 1) | (owners[1:] != owners[:-1])]) if len(left) else left > 0
        empty = np.setdiff1d(np.flatnonzero(framed), owners)
        starts = np.concatenate([np.flatnonzero(first), np.full(len(empty) + 1, len(left))]).astype(np.int64)
        pieces = Words(words.hashes[left], starts, words.spelled[left])
        return pieces, np.concatenate([owners[first], empty])


@numba.njit(cache=True)
def _cover(
    hashes: Hashes, starts: Places, word_starts: Places, length: int, runs: Runs, bitmap: Any, shift: Any, covered: Any
) -> None:
    for text in range(len(starts) - 1):
        if word_starts[text + 1] - word_starts[text] < length:
            continue
        to = word_starts[text]
        for number in range(starts[text + 1] - starts[text]):
            run = np.uint32(hashes[starts[text] + number] >> np.uint64(32))
            if bitmap[run >> shift]:
                place = np.searchsorted(runs, run)
                if place < len(runs) and runs[place] == run:
                    first = word_starts[text] + number
                    for word in range(max(first, to), first + length):
                        covered[word] = True
                    to = first + length
