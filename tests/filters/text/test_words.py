from __future__ import annotations

import polars as pl

from sayso.filters.text.folding import fold
from sayso.filters.text.words import folded_words, words_of

TEXTS = [
    "What is the capital of France?",
    "what IS the Capital, of FRANCE",
    "",
    "?!",
    "Straße und Café – ﬁne ①",
    "请介绍一下你自己。谢谢",
    "मुझे समुद्र के बारे में बताओ।",
    "a1b2 3 4",
    "don't stop",
]


def test_words_are_those_of_the_folded_text() -> None:
    words = folded_words(pl.Series([*TEXTS, None]))
    counts = (words.starts[1:] - words.starts[:-1]).tolist()
    assert counts == [*(len(text.split()) for text in fold(pl.Series(TEXTS))), 0]


def test_equal_words_have_equal_hashes_wherever_they_stand() -> None:
    words = folded_words(pl.Series(TEXTS))
    distinct = {word for text in fold(pl.Series(TEXTS)) for word in text.split()}
    assert len(set(words.hashes.tolist())) == len(distinct)
    assert words.hashes[:6].tolist() == words.hashes[6:12].tolist()
    assert (
        folded_words(pl.Series(TEXTS[4:5])).hashes.tolist() == words.hashes[words.starts[4] : words.starts[5]].tolist()
    )


def test_signs_are_no_words_where_only_letters_and_digits_are_asked_for() -> None:
    signs = pl.Series(["C++ & C#, 8-3 = 5", "c c 8 3 5"])
    words = words_of(signs)
    assert words.hashes[:5].tolist() == words.hashes[5:].tolist()


def test_a_word_is_spelled_when_two_letters_stand_together() -> None:
    words = words_of(pl.Series(["x is 12 a1b2 b2b ab1 é 你 你好 éa"]))
    assert words.spelled.tolist() == [False, True, False, False, False, True, False, False, True, True]
