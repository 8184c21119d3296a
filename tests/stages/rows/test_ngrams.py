"""N-grams are runs of words: equal wherever they stand, and never across two texts."""

import polars as pl

from sayso.filters.text.words import folded_words
from sayso.stages.rows.ngrams import ngrams


def hashes(texts, length=3):
    found = ngrams(folded_words(pl.Series(texts)), length)
    return [found.hashes[a:b].tolist() for a, b in zip(found.starts[:-1], found.starts[1:], strict=True)]


def test_a_text_has_one_ngram_for_each_word_that_one_begins_at():
    assert [len(found) for found in hashes(["a b c d e", "a b c", "a b", "a", "", "?!"])] == [3, 1, 1, 1, 0, 0]


def test_equal_runs_are_equal_wherever_they_stand_and_others_are_not():
    long, inner, short = hashes(["say one two three now", "One, two: THREE", "one two"])
    assert inner == [long[1]]
    assert len({*long, *short}) == 4


def test_the_order_of_the_words_counts():
    one, other = hashes(["one two three", "three two one"])
    assert one != other
