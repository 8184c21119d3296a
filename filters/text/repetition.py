"""How often a text says the same thing over and over."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.filters.text.text_bytes import Bytes, text_bytes
from sayso.filters.text.words import LETTERS, Hashes, Places, hashed_words, plain_letters, words_of

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
    plain = plain_letters(texts)
    # Few texts end twice in the same two words, and only those are hashed.
    rows = pl.Series(_end_again(*text_bytes(plain), LETTERS)).arg_true()
    words = hashed_words(plain.gather(rows))
    looped = _most_looped(words.hashes, words.starts, words.spelled)
    return pl.Series(texts.name, np.zeros(len(texts), dtype=np.int32)).scatter(rows, looped)


@numba.njit(cache=True)
def _end_again(data: Bytes, offsets: Places, kinds: Bytes) -> npt.NDArray[np.bool_]:
    """Whether the last word of each text stands before it within the longest loop, and so does the last but one, unless
    the two are the same: without that there is no loop."""
    found = np.zeros(len(offsets) - 1, dtype=np.bool_)
    for text in range(len(found)):
        first = offsets[text]
        last_begin, last_end = _word_before(data, first, offsets[text + 1], kinds)
        next_begin, next_end = _word_before(data, first, last_begin, kinds)
        last_letter = kinds[data[last_end - 1]] if last_begin < last_end else np.uint8(0)
        words, is_behind = 0, 1
        for at in range(last_begin - 1, first - 1, -1):
            letter = kinds[data[at]]
            # Counted without a branch, for where a word ends no processor foresees.
            is_end = (letter != 0) & (is_behind == 0)
            is_behind = letter
            words += is_end
            if words > LONGEST_LOOP:
                break
            if not (is_end & (letter == last_letter)):
                continue
            begin, end = _word_before(data, first, at + 1, kinds)
            if _same_word(data, last_begin, last_end, begin, end, kinds):
                begin, end = _word_before(data, first, begin, kinds)
                if words == 1 or _same_word(data, next_begin, next_end, begin, end, kinds):
                    found[text] = True
                    break
    return found


@numba.njit(cache=True)
def _word_before(data: Bytes, first: int, at: int, kinds: Bytes) -> tuple[int, int]:
    """Where the last word before a place begins and ends, the same place twice where there is none."""
    while at > first and not kinds[data[at - 1]]:
        at -= 1
    end = at
    while at > first and kinds[data[at - 1]]:
        at -= 1
    return at, end


@numba.njit(cache=True)
def _same_word(data: Bytes, begin: int, end: int, other: int, other_end: int, kinds: Bytes) -> bool:
    if end - begin != other_end - other:
        return False
    while begin < end and kinds[data[begin]] == kinds[data[other]]:
        begin += 1
        other += 1
    return begin == end


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
