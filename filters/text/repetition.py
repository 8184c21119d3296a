"""How often a text says the same thing over and over."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.filters.text.words import Hashes, Places, words_of

LONGEST_PHRASE = 6
LONGEST_LOOP = 60


def phrase_repeats(texts: pl.Series) -> pl.Series:
    """The most times a phrase of up to LONGEST_PHRASE words stands in a row in each text.

    A text of distinct words gives 1 and one without words 0; "ha ha ha" gives 3, "row the boat row the boat" 2.
    Case and punctuation do not count. A phrase needs a word of two letters: signs and figures repeat in any sum.
    """
    words = words_of(texts)
    return pl.Series(texts.name, _most_repeats(words.hashes, words.starts, words.spelled))


@numba.njit(cache=True)
def _most_repeats(hashes: Hashes, starts: Places, spelled: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    most = np.zeros(len(starts) - 1, dtype=np.int32)
    for text in range(len(most)):
        first, end = starts[text], starts[text + 1]
        if end > first:
            most[text] = 1
        for length in range(1, LONGEST_PHRASE + 1):
            # How many words in a row, up to here, equal the one a phrase's length before; and the last one spelled.
            run, last = 0, first - LONGEST_PHRASE
            for place in range(first, end):
                if spelled[place]:
                    last = place
                if place - first >= length and hashes[place] == hashes[place - length]:
                    run += 1
                    if place - last < length:
                        most[text] = max(most[text], run // length + 1)
                else:
                    run = 0
    return most


def looped_words(texts: pl.Series) -> pl.Series:
    """How many words at the end of each text only say again what stands right before them, in a loop of up to
    LONGEST_LOOP words; 0 where the loop goes round less than three times, but for the last word.

    "a b c. a b c. a b c." gives 6. A model that has run away writes so until it is stopped, within the phrase or not.
    """
    words = words_of(texts)
    return pl.Series(texts.name, _most_looped(words.hashes, words.starts, words.spelled))


@numba.njit(cache=True)
def _most_looped(hashes: Hashes, starts: Places, spelled: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    most = np.zeros(len(starts) - 1, dtype=np.int32)
    for text in range(len(most)):
        first, last = starts[text], starts[text + 1] - 1
        for length in range(1, min(LONGEST_LOOP, (last - first + 2) // 3) + 1):
            place = last
            while place - length >= first and hashes[place] == hashes[place - length]:
                place -= 1
            said = last - place
            if said >= 2 * length - 1 and said > most[text] and spelled[last - length + 1 : last + 1].any():
                most[text] = said
    return most
