from __future__ import annotations

import polars as pl
import pytest

from sayso.filters.text.patterns import any_of


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
