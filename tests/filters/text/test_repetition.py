from __future__ import annotations

import polars as pl
import pytest

from sayso.filters.text.repetition import phrase_repeats


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("no word comes twice here", 1),
        ("it is very very cold", 2),
        ("very, Very, VERY cold", 3),
        ("tell me a joke tell me a joke tell me a joke", 3),
        ("we said it once, then we said it again", 1),
        ("I love the sea. I love the sea. I love the sea. I love the sea.", 4),
        ("2 x 2 x 2 x 2 x 2 = 32", 1),
        ("one apple, one pear, one plum, one fig", 1),
        ("la la la la", 4),
        ("", 0),
        ("!!!", 0),
    ],
)
def test_times_a_phrase_is_said_in_a_row(text: str, times: int) -> None:
    assert phrase_repeats(pl.Series([text])).to_list() == [times]


def test_a_run_ends_with_its_text() -> None:
    assert phrase_repeats(pl.Series(["go go", "go go go", "", "go"])).to_list() == [2, 3, 0, 1]
