from __future__ import annotations

import sys

import polars as pl
import pytest

from sayso.filters.judging import first_reason
from sayso.filters.profanity import Profanity
from tests.filters.rows import rows_of

RUDE = "You are a stupid bitch."


def test_prompt_and_answer_are_scored_apart() -> None:
    judged = first_reason(rows_of([RUDE, "Who are you?"], ["I am a bird.", RUDE]), [Profanity()])
    scores = judged.select("profanity.prompt_score", "profanity.answer_score")
    assert scores.select(pl.all() > 0.8).rows() == [(True, False), (False, True)]


def test_a_score_does_not_depend_on_the_neighbours() -> None:
    alone = first_reason(rows_of([RUDE]), [Profanity()])["profanity.prompt_score"].item()
    among = first_reason(rows_of(["What is rain?", RUDE, "Who are you?"]), [Profanity()])["profanity.prompt_score"][1]
    assert alone == among


def test_the_threshold_decides() -> None:
    assert first_reason(rows_of([RUDE]), [Profanity(max_score=1.0)])["reason"].item() is None


def test_without_its_package_the_filter_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "profanity_check", None)
    with pytest.raises(ImportError, match=r'pip install "sayso\[safety\]"'):
        first_reason(rows_of([RUDE]), [Profanity()])
