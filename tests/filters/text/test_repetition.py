from __future__ import annotations

import polars as pl
import pytest

from sayso.filters.text.repetition import LONGEST_LOOP, looped_words, phrase_repeats


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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a b c. a b c. a b c.", 0),
        ("Ann and Bob. Ann and Bob. Ann and Bob.", 6),
        ("Ann and Bob, ann and bob, ANN AND", 5),
        ("Ann and Bob. Ann and Bob.", 0),
        ("no no", 1),
        ("No, no, no, no!", 3),
        ("the end of the end", 0),
        ("Die Größe, die größe, DIE GRÖSSE", 0),
        ("Die Größe, die größe, die Größe", 4),
        ("go", 0),
        ("...", 0),
        ("", 0),
    ],
)
def test_words_that_a_loop_says_again(text: str, words: int) -> None:
    assert looped_words(pl.Series([text])).to_list() == [words]


@pytest.mark.parametrize(("length", "words"), [(LONGEST_LOOP, 2 * LONGEST_LOOP), (LONGEST_LOOP + 1, 0)])
def test_a_loop_has_a_longest_phrase(length: int, words: int) -> None:
    phrase = " ".join(f"w{number}ord" for number in range(length))
    assert looped_words(pl.Series([f"{phrase}. " * 3, "A text beside it."])).to_list() == [words, 0]
