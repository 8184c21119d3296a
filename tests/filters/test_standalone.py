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


def test_prompts_that_the_weights_were_not_found_from_are_told_as_well() -> None:
    stand = [
        "Why did the mammoths disappear?",
        "Which nerve runs down the leg?",
        "Say the months of the year backwards.",
        "Explain the eighth amendment.",
        "Which is warmer, wool or cotton? Explain your answer.",
        "Given the choice between a castle and a boat, which would you live in?",
        "Determine which are safer, glass or plastic bottles.",
        "i lent my drill to a neighbor, how do i ask him for it",
        "How does the wording of an oath begin?",
        "Please tell me how the smell of coffee wakes us up.",
    ]
    lean = [
        "Given the data in the pie chart, say which group spends the most on rent.",
        "What does this block of code return?",
        "Why was he so angry when they came back?",
        "Count the consonants in the string.",
        "Having looked at the survey, what would you change in the canteen?",
        "Proofread and mail it back.",
        "Kindly give the summary of below story.",
        "can you go on from where you stopped",
    ]
    assert first_reason(rows_of(stand + lean), [Standalone()])["reason"].to_list() == [
        *[None] * len(stand),
        *["missing_input"] * len(lean),
    ]


def test_a_row_is_judged_the_same_alone_and_beside_others() -> None:
    prompts = [prompt for _, prompt in labelled("standalone")][::7]
    assert [reasons([prompt])[0] for prompt in prompts] == reasons(prompts)


def test_no_prompt_is_no_reference() -> None:
    assert first_reason(rows_of([]), [Standalone()]).height == 0
    assert first_reason(rows_of([""]), [Standalone()])["reason"].to_list() == [None]
