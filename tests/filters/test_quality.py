from __future__ import annotations

import pytest

from sayso.filters.judging import first_reason
from sayso.filters.quality import Quality
from tests.filters.rows import rows_of

CLEAN_ANSWERS = [
    "I'm sorry for your loss. Grief takes time.",
    "Unfortunately, the last dodo died in 1662.",
    "You can't divide by zero, because no number gives the result.",
    "The company said it was unable to provide the figures.",
    "None of the planets is larger than Jupiter.",
    "Unknown at the time, the painter is now famous.",
    "Use `{{ user.name }}` in a template:\n```html\n<p>{{ user.name }}</p>\n```",
    "True",
    "42",
    "Sure! Take a left turn and go on for a mile.",
]


@pytest.mark.parametrize("answer", CLEAN_ANSWERS)
def test_answers_that_only_look_like_junk_stay(answer: str) -> None:
    assert first_reason(rows_of(["Tell me about it, please."], [answer]), [Quality()])["reason"].item() is None


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't assist with that request.",
        "I apologize, but I am not able to provide that information.",
        "I cannot help you with this.",
        "Sorry, I can't do that.",
        "Unfortunately, I don't have access to real-time data.",
    ],
)
def test_refusals(answer: str) -> None:
    assert first_reason(rows_of(["Tell me about it, please."], [answer]), [Quality()])["reason"].item() == "refusal"


def test_repeats_are_counted_against_the_thresholds() -> None:
    rows = rows_of(["It is very very very cold today."])
    assert first_reason(rows, [Quality()])["quality.prompt_repeats"].item() == 3
    assert first_reason(rows, [Quality(max_prompt_repeats=2)])["reason"].item() == "repetition"


def test_the_end_of_text_mark_of_a_training_file_is_no_content() -> None:
    rows = rows_of(["Is it?"] * 2, ["Yes<|endoftext|>", "<|endoftext|>"])
    assert first_reason(rows, [Quality()])["reason"].to_list() == [None, "empty_answer"]


def test_how_few_words_are_an_answer_depends_on_what_was_asked() -> None:
    rows = rows_of(
        ["Who wrote it?", "What is six times seven?", "Describe the author."], ["Ann Lee.", "42", "Ann Lee."]
    )
    assert first_reason(rows, [Quality()])["reason"].to_list() == [None, None, "answer_too_short"]
    strict = Quality(min_answer_words=2, min_written_words=2)
    assert first_reason(rows, [strict])["reason"].to_list() == [None, "answer_too_short", None]
