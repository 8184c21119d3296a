"""How much the words of a text speak for English: what is left to go by in a text of three."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.filters.languages.function_words import ENGLISH, OTHERS, SCOTS
from sayso.filters.text.words import Hashes, Places, words_of

# In natural log odds, rounded from a logistic regression over short prompts in 35 languages.
_FUNCTION_WORD, _WORD, _OTHERS_WORD, _SCOTS_WORD, UNKNOWN_WORD = 2.2, 0.75, -2.2, -4.4, -1.0
# Long texts have misspelt words, and lists of names in small letters.
MOST_UNKNOWN = 3
# A character of a script that English does not know.
FOREIGN_LETTER = -1.0
# What comes after these changes nothing any more.
MOST_CHARACTERS = 400
# Of symspellpy's words, by how often books have them: those that are English whatever else they are, and those that
# count at all. Rarer ones are names and words of other languages as often as not.
_COMMON, _KNOWN = 5_000, 30_000
# A word with a capital inside a sentence.
NAME = r"[\p{L}\p{M}][,:]? \p{Lu}\p{L}"


def word_evidence(texts: pl.Series) -> pl.Series:
    """For each text what its words say for English (above 0) or against it (below), a Float32.

    Case does not count, but that names inside of a sentence, unknown as they are, say nothing. Nor do words say
    anything that English shares with others.
    """
    texts = texts.fill_null("").str.slice(0, MOST_CHARACTERS)
    words = words_of(texts)
    weighed, unknown = _weigh(words.hashes, words.starts, words.spelled, *_table())
    strange = (pl.Series(unknown) - texts.str.count_matches(NAME).cast(pl.Int32)).clip(0, MOST_UNKNOWN)
    found = pl.Series(weighed) + UNKNOWN_WORD * strange
    other = texts.str.contains(r"[^\x00-\x7f]").arg_true()
    if len(other):
        letters = texts.gather(other).str.count_matches(r"[\p{L}--\p{Latin}]")
        found = found.scatter(other, found.gather(other) + FOREIGN_LETTER * letters)
    return found.cast(pl.Float32)


@lru_cache(maxsize=1)
def _table() -> tuple[Hashes, npt.NDArray[np.float32]]:
    """An open hash table: slots of hashes, 0 where none is, and the weight of each."""
    weights = weights_of_words()
    hashes = words_of(pl.Series(list(weights))).hashes
    slots = np.zeros(1 << (2 * len(weights)).bit_length(), dtype=np.uint64)
    values = np.zeros(len(slots), dtype=np.float32)
    _fill(hashes, np.array(list(weights.values()), dtype=np.float32), slots, values)
    return slots, values


def word_list() -> Path:
    """Words and how often books have them, the most frequent first, in the package symspellpy.

    Raises ModuleNotFoundError where it is not installed. It is not imported, which would take a quarter of a second.
    """
    package = find_spec("symspellpy")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'symspellpy'", name="symspellpy")
    return Path(package.origin).parent / "frequency_dictionary_en_82_765.txt"


def weights_of_words() -> dict[str, float]:
    lines = word_list().read_text("utf-8-sig").splitlines()
    known = [word for line in lines[:_KNOWN] if (word := line.split(" ")[0]).isalnum() and len(word) > 1]
    common, others = set(known[:_COMMON]), {word for words in OTHERS.values() for word in words.split()}
    return {
        **dict.fromkeys(known, _WORD),
        **{word: 0.0 if word in common else _OTHERS_WORD for word in sorted(others)},
        **dict.fromkeys(SCOTS.split(), _SCOTS_WORD),
        **{word: 0.0 if word in others else _FUNCTION_WORD for word in ENGLISH.split()},
    }


@numba.njit(cache=True)
def _fill(hashes: Hashes, weights: Any, slots: Hashes, values: Any) -> None:
    for word in range(len(hashes)):
        slot = hashes[word] & np.uint64(len(slots) - 1)
        while slots[slot] != 0 and slots[slot] != hashes[word]:
            slot = (slot + np.uint64(1)) & np.uint64(len(slots) - 1)
        slots[slot], values[slot] = hashes[word], weights[word]


@numba.njit(cache=True)
def _weigh(hashes: Hashes, starts: Places, spelled: Any, slots: Hashes, values: Any) -> Any:
    """For each text the sum of its words' weights, and how many words that are no numbers have none."""
    sums = np.zeros(len(starts) - 1, dtype=np.float32)
    unknown = np.zeros(len(sums), dtype=np.int32)
    for text in range(len(sums)):
        for word in range(starts[text], starts[text + 1]):
            slot = hashes[word] & np.uint64(len(slots) - 1)
            while slots[slot] != 0 and slots[slot] != hashes[word]:
                slot = (slot + np.uint64(1)) & np.uint64(len(slots) - 1)
            if slots[slot] == hashes[word]:
                sums[text] += values[slot]
            else:
                unknown[text] += spelled[word]
    return sums, unknown
