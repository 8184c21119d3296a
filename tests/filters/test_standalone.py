from __future__ import annotations

import pytest

from sayso.filters.judging import first_reason
from sayso.filters.screen_request import ScreenRequest
from sayso.filters.speakable import Speakable
from sayso.filters.standalone import Standalone
from tests.filters.prompts import labelled
from tests.filters.rows import rows_of


def reasons(prompts: list[str]) -> list[str | None]:
    return first_reason(rows_of(prompts), [Speakable(), ScreenRequest(), Standalone()])["reason"].to_list()


def test_prompts_that_lean_on_what_is_not_there_are_told_from_those_that_stand_on_their_own() -> None:
    expected, prompts = zip(*labelled("standalone"), strict=True)
    found = reasons(list(prompts))
    wrong = [
        (prompt, reason, right)
        for prompt, reason, right in zip(prompts, found, expected, strict=True)
        if reason != right and not (right and reason and reason.startswith("asks_for_"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "material",
    [
        "Classify this review:\n{}",
        "Classify this review.\n\n{}",
        "Classify this review: {}",
        'Classify this review. "{}"',
        "{} Classify this review.",
        "Classify this review.{}",
        "Review: {}\nClassify this review.",
    ],
)
def test_what_a_prompt_speaks_of_may_stand_anywhere_in_it(material: str) -> None:
    leans = "Classify this review."
    stands = material.format("The food was cold and the waiter left early")
    assert reasons([leans, stands]) == ["missing_input", None]


def test_a_text_that_the_prompt_asks_for_is_what_it_goes_on_to_speak_of() -> None:
    prompts = [
        "Write a poem about rain. Then translate the poem into French.",
        "Translate the poem into French.",
        "Think of a number and tell me whether this number is prime.",
        "Tell me whether this number is prime.",
    ]
    assert reasons(prompts) == [None, "missing_input", None, "missing_input"]


def test_a_row_is_judged_the_same_alone_and_beside_others() -> None:
    prompts = [prompt for _, prompt in labelled("standalone")][::7]
    assert [reasons([prompt])[0] for prompt in prompts] == reasons(prompts)


def test_no_prompt_is_no_reference() -> None:
    assert first_reason(rows_of([]), [Standalone()]).height == 0
    assert first_reason(rows_of([""]), [Standalone()])["reason"].to_list() == [None]
