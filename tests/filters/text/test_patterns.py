from __future__ import annotations

import polars as pl
import pytest

from sayso.filters.text.patterns import (
    any_of,
    contains_some,
    contains_where,
    lacks_where,
    only_where,
    without_lookaround,
)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\bcat\b", "a cat.", True),
        (r"\bcat\b", "concatenate", False),
        (r"\w+@[\w.-]+", "me@x-y.org", True),
        (r"[^\s<>]{3}", "ab cd", False),
        (r"\[\w\]", "[x]", True),
        (r"a\db", "a٣b", False),
        (r"\p{Han}\s", "海 ", True),
    ],
)
def test_ascii_patterns_match(pattern: str, text: str, found: bool) -> None:
    assert pl.Series([text]).str.contains(any_of(pattern)).item() is found


def test_alternatives_are_joined() -> None:
    assert any_of("a", "b") == "a|b"


TEXTS = pl.DataFrame({"text": ["a cat", "a dog", "cat", None, ""], "possible": [True, True, False, True, True]})


def test_texts_that_are_not_possible_are_not_looked_at() -> None:
    possible, text = pl.col("possible"), pl.col("text")
    asked = TEXTS.select(
        only=only_where(possible, text),
        has=contains_where(possible, text, "cat"),
        lacks=lacks_where(possible, text, "cat"),
    )
    assert asked["only"].to_list() == ["a cat", "a dog", None, None, ""]
    assert asked["has"].to_list() == [True, False, False, False, False]
    assert asked["lacks"].to_list() == [False, True, False, False, True]


def test_some_of_several_patterns_occurs() -> None:
    found = TEXTS.select(contains_some(pl.col("text"), ("do+g", "^$"))).to_series()
    assert found.to_list() == [False, True, False, None, True]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        (r"a(?!b(?:c|d)[)])e", "ae"),
        (r"(?<=\()a|(?<![(])b", "a|b"),
        (r"[(?=)]\(\?=(?:a)(?i:b)", r"[(?=)]\(\?=(?:a)(?i:b)"),
    ],
)
def test_what_looks_around_is_left_out(pattern: str, left: str) -> None:
    assert without_lookaround(pattern) == left
