from __future__ import annotations

import polars as pl
import pytest

from sayso.filters.text.digit_hashes import digit_hashes
from sayso.filters.text.number_words import digits_in

ALIKE = [
    ("1919", "nineteen nineteen"),
    ("1919", "nineteen hundred and nineteen"),
    ("2005", "two thousand and five"),
    ("2005", "twenty oh five"),
    ("3.14", "three point one four"),
    ("2 1/2", "two and a half"),
    ("1,234,567", "one million two hundred thirty-four thousand five hundred sixty-seven"),
    ("50000 and 100000", "fifty thousand and one hundred thousand"),
    ("the 1990s", "the nineteen nineties"),
    ("32nd", "thirty-second"),
    ("555-1234", "five five five, one two three four"),
    ("2 and 3", "two and three"),
    ("20 20", "twenty twenty"),
]


@pytest.mark.parametrize(("written", "spoken"), ALIKE)
def test_a_number_has_the_same_digits_written_and_spoken(written: str, spoken: str) -> None:
    assert digits_in(written) == digits_in(spoken)


@pytest.mark.parametrize(("one", "other"), [("1919", "nineteen ninety"), ("12", "twenty-one"), ("3", ""), ("17", "70")])
def test_other_numbers_have_other_digits(one: str, other: str) -> None:
    assert digits_in(one) != digits_in(other)


def test_hashes_are_equal_where_the_digits_are() -> None:
    texts = [text for pair in ALIKE for text in pair]
    texts += ["no number", "", "one", "a hundred", "a thousand and one", "hundred hundred", "eleven twelve", "7 oh 7"]
    texts += ["nine hundred hundred thousand thousand trillion trillion"]
    by_digits: dict[str, int] = {}
    for text, found in zip(texts, digit_hashes(pl.Series(texts)).tolist(), strict=True):
        assert by_digits.setdefault(digits_in(text), found) == found, text
    assert len(set(by_digits.values())) == len(by_digits)
