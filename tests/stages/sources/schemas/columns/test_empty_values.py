"""What says nothing, and what only looks like it."""

import polars as pl
import pytest

from sayso.stages.sources.schemas.columns.empty_values import is_nothing, says_something

NOTHING = [
    *("", "  ", "nan", "NaN", "null", "None", "none.", "N/A", "n.a.", "NA", "<NA>", "nil", "undefined"),
    *("[]", "{}", "[ ]", "-", "—", "--", "...", '""', "''", "\nnan\n"),
    *(
        "<noinput>",
        "< no input >",
        "No input",
        "No inputs.",
        "No input required",
        "No Input Provided.",
        "No input needed!",
    ),
    *("No input is required.", "No additional input", "no context provided", "None required", "Not applicable."),
    *("(none)", "[None]", "<none>", "(no input)", "[No input required.]", "(n/a)", "(null)"),
]
SOMETHING = [
    *("Nan is at home.", "No", "0", "[1]", "{x}", "- a", "None of these", "Na+", "input", "No inputs were harmed."),
    *("null and void", "N", "True", "?", "(none of these)", "(No)", "[none] a"),
]


@pytest.mark.parametrize("text", NOTHING)
def test_words_for_nothing_say_nothing(text: str) -> None:
    assert is_nothing(text)
    assert not pl.DataFrame({"input": [text]}).select(says_something("input")).item()


@pytest.mark.parametrize("text", SOMETHING)
def test_other_words_say_something(text: str) -> None:
    assert not is_nothing(text)
    assert pl.DataFrame({"input": [text]}).select(says_something("input")).item()


@pytest.mark.parametrize("value", [None, [], {}, [None, ""], {"text": [], "label": []}, float("nan"), False, b""])
def test_values_without_a_word_in_them_say_nothing(value: object) -> None:
    assert is_nothing(value)


@pytest.mark.parametrize("value", [0, 0.0, True, ["a"], {"bytes": b"x", "path": None}, b"x", [[], ["a"]]])
def test_other_values_say_something(value: object) -> None:
    assert not is_nothing(value)
