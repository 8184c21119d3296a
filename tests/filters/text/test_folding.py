from __future__ import annotations

import unicodedata

import polars as pl
import pytest

from sayso.filters.text.folding import _OTHER_FORMS, fold, text_hash
from sayso.filters.text.words import folded_words

# One question each, and another beside it.
APART = [
    ("Write it in C.", "Write it in C++."),
    ("Write it in C++.", "Write it in C#."),
    ("What is .NET?", "What is net?"),
    ("What is 8-3?", "What is 8+3?"),
    ("What is 8 - 3?", "What is 8 3?"),
    ("What is 8*3?", "What is 8/3?"),
    ("What is 6 * 7?", "What is 6 7?"),
    ("What is (8)-(3)?", "What is (8)(3)?"),
    ("What is 8 × 3?", "What is 8 ÷ 3?"),
    ("What is 20% of it?", "What is 20 of it?"),
    ("Is -5 cold?", "Is 5 cold?"),
    ("Is \u22125 cold?", "Is 5 cold?"),
    ("Is x = -5 cold?", "Is x = 5 cold?"),
    ("It cost -$5.", "It cost $5."),
    ("It cost -€5.", "It cost €5."),
    ("Is 3.5 much?", "Is 35 much?"),
    ("Is 3.5 much?", "Is 3 5 much?"),
    ("Is .5 much?", "Is 5 much?"),
    ("What is 1/2?", "What is 12?"),
    ("What is ½?", "What is 12?"),
    ("What is 10²?", "What is 102?"),
    ("What is 2^3?", "What is 2 3?"),
    ("It cost $5.", "It cost £5."),
    ("It cost €5.", "It cost 5."),
    ("It cost ₹5.", "It cost ¥5."),
    ("Is 20° much?", "Is 20 much?"),
    ("Is a < b?", "Is a > b?"),
    ("Is a = b?", "Is a b?"),
    ("Is a ≤ b?", "Is a ≥ b?"),
    ("Who is @ann?", "Who is Ann?"),
    ("What is R&D?", "What is R D?"),
    ("Is F# high?", "Is F high?"),
    ("Which are *.txt files?", "Which are .txt files?"),
    ("What is 5! / 3!?", "What is 5 / 3?"),
    ("What does 😀 mean?", "What does 😂 mean?"),
    ("Was it 2019-2024?", "Was it 2019 2024?"),
]
# One question, written in two ways.
SAME = [
    ("What is an atom?", "what is an ATOM"),
    ("A well-known fruit.", "A well known fruit!"),
    ("Is GPT-4 good?", "is GPT 4 good"),
    ("A 10-year-old girl", "a 10 year old girl"),
    ("It is — so they say — good.", "It is - so they say - good."),
    ("Buy:\n- 5 apples\n* 2 pears", "Buy: 5 apples, 2 pears"),
    ("This is **bold** and *that* is not.", "This is bold and that is not."),
    ("# Title\n=====\nText\n***", "Title Text"),
    ("“Why?” he said…", "'Why' he said..."),
    ("The end.Next, please...now", "The end. Next, please, now"),
    ("1.Write it", "1. Write it"),
    ("What is 8-3?", "What is 8 – 3?"),
    ("What is 2*3?", "What is 2 × 3?"),
    ("Is 20 % much?", "Is 20% much?"),
    ("Is 10² m much?", "Is 10^2 m much?"),
    ("It is 20℃.", "It is 20 °C."),
    ("Caf\u00e9 hours", "Cafe\u0301 hours"),
    ("Windows® is old", "windows is old"),
    ("I have 5!", "I have 5."),
    ("the U.S. army", "the U.S army"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_signs_that_carry_meaning_tell_texts_apart(one: str, other: str) -> None:
    assert text_hash(pl.Series([one, other])).n_unique() == 2


@pytest.mark.parametrize(("one", "other"), SAME)
def test_how_a_text_is_written_does_not_matter(one: str, other: str) -> None:
    assert fold(pl.Series([one, other])).n_unique() == 1


def test_words_and_signs_are_set_apart_by_one_blank() -> None:
    texts = pl.Series(["  Is 8-3=5, C++?  ", None, "", "?!", "请介绍 – 谢谢。"])
    assert fold(texts).to_list() == ["is 8 - 3 = 5 c + +", "", "", "", "请介绍 谢谢"]


def test_a_text_is_folded_the_same_alone_and_among_others() -> None:
    texts = [text for pair in (*APART, *SAME) for text in pair]
    assert fold(pl.Series(texts)).to_list() == [fold(pl.Series([text])).item() for text in texts]
    counts = [len(text.split()) for text in fold(pl.Series(texts))]
    words = folded_words(pl.Series(texts))
    assert (words.starts[1:] - words.starts[:-1]).tolist() == counts


def test_what_is_not_normalised_is_normal_as_it_is() -> None:
    characters = pl.Series([chr(point) for point in range(0x10000) if not 0xD800 <= point < 0xE000])
    normal = characters.filter(~characters.str.contains(_OTHER_FORMS))
    assert "ü" in normal and "’" in normal
    assert not any(map(unicodedata.combining, normal))
    together = "".join(normal)
    assert unicodedata.normalize("NFKC", together) == together
