"""A text that is too long to be said at once is cut after sentences, then clauses, then words."""

import polars as pl
import pytest

from stages.speech.protocols import CannotSay
from stages.utterances import split


def parts(text, max_bytes):
    (found,) = split(pl.Series([text]), max_bytes)
    return found


def test_a_text_that_fits_is_left_as_it_is():
    text = "First this. Then that; and so on, to the end"
    assert parts(text, len(text)) == [text]
    assert parts("", 10) == [""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name a fruit. Name a tree. Why?", ["Name a fruit.", "Name a tree. Why?"]),
        ('She said "Go!" and he went. Why?', ['She said "Go!" and', "he went.", "Why?"]),
        ('Who said "Go." And who went?', ['Who said "Go."', "And who went?"]),
        ("It costs 3.50 now. Buy it, please.", ["It costs 3.50 now.", "Buy it, please."]),
        ("Say, if you can, what it is; or not.", ["Say, if you can,", "what it is; or not."]),
        ("Why. Tell me, if you can, all of it.", ["Why.", "Tell me, if you can,", "all of it."]),
        ("tell me all that you know of it", ["tell me all that you", "know of it"]),
        ("告诉我为什么。再说一次，好吗？", ["告诉我为什么。", "再说一次，", "好吗？"]),
    ],
)
def test_sentences_stay_together_while_they_fit_in_twenty_bytes_or_so(text, expected):
    most = max(20, *(len(part.encode()) for part in expected))
    assert parts(text, most) == expected


def test_nothing_is_lost_and_every_part_fits():
    text = " ".join(f"In year {n}, as they say, all was well: people sang; birds, too." for n in range(40))
    for most in (12, 30, 64, 65, 200):
        found = parts(text, most)
        assert " ".join(found) == text
        assert max(len(part.encode()) for part in found) <= most


def test_a_word_that_does_not_fit_is_an_error_of_its_text_alone():
    good, bad = split(pl.Series(["One. Two. Three.", "What is " + "ä" * 11 + "?"]), 12)
    assert good == ["One. Two.", "Three."]
    assert isinstance(bad, CannotSay)
    assert "a word of 23 bytes" in str(bad)
