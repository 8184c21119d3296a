"""What people say to an assistant: short, full of names, and mostly told apart from other languages all the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest
import yaml

from sayso.filters import DEFAULT_FILTERS
from sayso.filters.judging import first_reason
from sayso.filters.language import Language
from sayso.filters.languages.english_words import word_evidence
from sayso.filters.languages.function_words import ENGLISH, OTHERS, SCOTS
from tests.filters.rows import rows_of

# The odd ones of each list had no part in choosing the weights.
PROMPTS = yaml.safe_load((Path(__file__).parent / "short_prompts.yaml").read_text(encoding="utf-8"))


@cache
def judged() -> pl.DataFrame:
    rows = [
        {"group": group, "kind": kind, "prompt": prompt, "held_out": place % 2 == 1}
        for group, kinds in PROMPTS.items()
        for kind, prompts in kinds.items()
        for place, prompt in enumerate(prompts)
    ]
    table = pl.DataFrame(rows)
    return table.with_columns(first_reason(rows_of(table["prompt"].to_list()), [Language()])["reason"])


@pytest.mark.parametrize(("group", "kept"), [("english", True), ("other", False)])
@pytest.mark.parametrize("held_out", [False, True])
def test_english_stays_and_other_languages_go(group: str, kept: bool, held_out: bool) -> None:
    some = judged().filter(pl.col("group") == group, pl.col("held_out") == held_out)
    wrong = some.filter(pl.col("reason").is_null() != kept)
    assert some.height > 60
    assert wrong.height / some.height < 0.05, wrong.rows()


def test_no_default_filter_turns_down_more_of_short_english() -> None:
    english = judged().filter(pl.col("group") == "english")
    reasons = first_reason(rows_of(english["prompt"].to_list()), DEFAULT_FILTERS)
    dropped = english.with_columns(reasons["filter", "reason"]).filter(pl.col("reason").is_not_null())
    assert dropped.height / english.height < 0.05, dropped.rows()


def test_words_speak_for_and_against_english() -> None:
    texts = pl.Series(["", "42", "Tell me about it", "dime cuándo", "whaur", "the whaur", "Xyzzy", "ask Xyzzy", "你好"])
    found = [round(value, 2) for value in word_evidence(texts)]
    assert found == [0, 0, 6.6, -4.4, -4.4, -2.2, -1, 2.2, -3]


def test_case_does_not_count() -> None:
    texts = pl.Series(["where is malta", "WHERE IS MALTA", "Where is malta"])
    assert word_evidence(texts).n_unique() == 1


@pytest.mark.parametrize("words", [ENGLISH, SCOTS, *OTHERS.values()])
def test_function_words_are_words(words: str) -> None:
    assert all(word.isalnum() and word == word.lower() for word in words.split())
    assert len(set(words.split())) == len(words.split())
