from __future__ import annotations

from sayso.filters.judging import first_reason
from sayso.filters.screen_request import ScreenRequest
from tests.filters.prompts import labelled
from tests.filters.rows import rows_of


def reasons(prompts: list[str], **settings: tuple[str, ...]) -> list[str | None]:
    return first_reason(rows_of(prompts), [ScreenRequest(**settings)])["reason"].to_list()


def test_requests_for_a_screen_are_told_from_questions_about_what_it_shows() -> None:
    expected, prompts = zip(*labelled("screen_request"), strict=True)
    found = reasons(list(prompts))
    kept = [prompt for prompt, reason, right in zip(prompts, found, expected, strict=True) if right and not reason]
    dropped = [
        (prompt, reason) for prompt, reason, right in zip(prompts, found, expected, strict=True) if reason and not right
    ]
    assert (kept, dropped) == ([], [])


def test_the_reason_names_what_is_asked_for() -> None:
    expected, prompts = zip(*labelled("screen_request"), strict=True)
    # What asks for two of them has the reason of the first: "a table in JSON".
    other = [right for right, reason in zip(expected, reasons(list(prompts)), strict=True) if right and reason != right]
    assert len(other) <= 0.05 * len(prompts)


def test_a_recipe_may_let_some_of_it_pass() -> None:
    prompts = ["Write a Python function that reverses a string.", "Reply with emojis only."]
    assert reasons(prompts) == ["asks_for_code", "asks_for_emoji"]
    assert reasons(prompts, forms=("emoji",)) == [None, "asks_for_emoji"]
    measured = first_reason(rows_of(prompts), [ScreenRequest(forms=("emoji",))])
    assert measured["screen_request.code"].to_list() == [True, False]


def test_sums_about_tables_and_painters_ask_for_nothing_that_is_shown() -> None:
    prompts = [
        "Tom makes tables. It takes 12 boards to make a table. How many tables can he make with 144 boards?",
        "If she paints a picture in two hours, how many pictures does she paint in a day?",
    ]
    assert reasons(prompts) == [None, None]


def test_what_stands_in_the_input_is_not_asked_for() -> None:
    prompts = [
        "Write a dialogue that matches this summary.\nShe will send him pictures of the spices.\nHe draws a map."
    ]
    assert reasons(prompts) == [None]
