"""Questions: which of several answers is taken, which choice is meant, and what stands beside a question."""

from typing import Literal

import pytest

from sayso.stages.sources.schemas.conversion import apply_schema
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from tests.stages.sources.schemas.test_schemas import converted, frame, resolved

Row = dict[str, object]
CHOICES = ["Wren", "Bat", "Newt"]
ASKED = "Which of these is a mammal?"


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        (["The Nile", "Nile"], "The Nile"),
        (["", "nan", "Nile"], "Nile"),
        ({"text": ["The Nile", "Nile"], "answer_start": [0, 4]}, "The Nile"),
        ({"text": "The Nile", "answer_start": 3}, "The Nile"),
        ({"value": "The Nile", "aliases": ["Nil"]}, "The Nile"),
        ([{"text": "No idea."}, {"text": "Nile"}], "No idea."),
        ([{"text": "No idea.", "score": 1}, {"text": "The Nile.", "score": 7}], "The Nile."),
        ({"text": ["No idea.", "The Nile."], "score": [1, 7]}, "The Nile."),
        ([7.0, 8], "7"),
        (True, "Yes"),
        (False, "No"),
        ([], None),
        ({"text": [], "answer_start": []}, None),
    ],
)
@pytest.mark.parametrize("column", ["answer", "answers"])
def test_of_several_answers_one_is_taken(answer: object, taken: str | None, column: str) -> None:
    rows = converted({"question": "Which?", column: "It."}, {"question": "Which?", column: answer})
    assert rows["answer"].to_list() == ["It.", taken]
    assert rows["reason"][1] == (None if taken else "no_answer")


@pytest.mark.parametrize("answer", [{"start": 3}, 7j, {"text": {"start": 3}}])
def test_an_answer_of_another_form_is_no_text(answer: object) -> None:
    rows = converted({"question": "Which?", "answer": "It."}, {"question": "Which?", "answer": answer})
    assert rows["reason"].to_list() == [None, "wrong_type"]


def test_a_question_is_said_between_its_instruction_and_its_passage() -> None:
    whole: Row = {"instruction": "Answer in a word.", "question": "Who sang?", "context": "Ann sang.", "answer": "Ann"}
    rows = converted(whole, {**whole, "instruction": "Who sang?", "context": "none"})
    assert rows["prompt"].to_list() == ["Answer in a word.\nWho sang?\nAnn sang.", "Who sang?"]


def test_a_passage_that_is_no_text_is_named() -> None:
    whole: Row = {"question": "Who sang?", "answer": "Ann"}
    rows = converted(whole, {**whole, "context": {"sentences": [["Ann sang."]]}}, {**whole, "context": []})
    assert rows["reason"].to_list() == [None, "wrong_type", None]
    assert rows["detail"][1] == "`context` is a dict, not text"


@pytest.mark.parametrize(
    ("choices", "answer"),
    [
        (CHOICES, "B"),
        (CHOICES, "b"),
        (CHOICES, "(B)"),
        (CHOICES, "B."),
        (CHOICES, "Bat"),
        (["A) Wren", "B) Bat", "C) Newt"], "B"),
        ({"A": "Wren", "B": "Bat", "C": "Newt", "D": None}, "B"),
        ({"label": ["A", "B", "C"], "text": CHOICES}, "B"),
        ({"label": ["1", "2", "3"], "text": CHOICES}, "2"),
        ([{"label": "A", "text": "Wren"}, {"label": "B", "text": "Bat"}], "B"),
    ],
)
@pytest.mark.parametrize("column", ["choices", "options"])
def test_the_answer_is_the_text_of_the_choice_that_is_named(choices: object, answer: object, column: str) -> None:
    row = converted({"question": ASKED, column: choices, "answer": answer}).row(0, named=True)
    assert (row["answer"], row["reason"]) == ("Bat", None)
    assert row["prompt"].startswith(f"{ASKED}\nWren\nBat")


@pytest.mark.parametrize(
    ("first", "answer", "taken"),
    [
        (None, 0, "Wren"),
        (None, 1.0, "Bat"),
        (None, 3, None),
        (None, 4, None),
        (None, "1", None),
        (0, "1", "Bat"),
        (1, "1", "Wren"),
        (1, 3, "Newt"),
        (1, "0", None),
    ],
)
def test_a_number_counts_from_what_the_source_says_or_from_0_where_it_is_no_text(
    first: Literal[0, 1] | None, answer: object, taken: str | None
) -> None:
    row = {"question": ASKED, "choices": CHOICES, "answer": answer}
    options = ReadingOptions(first_choice=first)
    read = apply_schema(resolved(row), frame([row]), options).row(0, named=True)
    assert (read["answer"], read["reason"]) == (taken, None if taken else "wrong_type")
    assert read["detail"] is None or "`answer` is" in read["detail"]


@pytest.mark.parametrize("labels", [[1, 2, 3], ["1", "2", "3"]])
@pytest.mark.parametrize("answer", [2, 2.0, "2"])
def test_a_label_that_is_a_number_is_one_whatever_numbers_count_from(labels: list[object], answer: object) -> None:
    choices = {"text": CHOICES, "label": labels}
    assert converted({"question": ASKED, "choices": choices, "answer": answer})["answer"].item() == "Bat"


@pytest.mark.parametrize("answer", ["D", "Cat", 1.5, ["A", "B"]])
def test_an_answer_that_names_no_choice_drops_its_row(answer: object) -> None:
    whole: Row = {"question": ASKED, "choices": CHOICES, "answer": "B"}
    assert converted(whole, {**whole, "answer": answer})["reason"].to_list() == [None, "wrong_type"]


@pytest.mark.parametrize("answer", ["", " ", None, -1, -1.0, "-1", []])
def test_an_answer_that_is_kept_back_is_none(answer: object) -> None:
    whole: Row = {"question": ASKED, "choices": CHOICES, "answer": "B"}
    assert converted(whole, {**whole, "answer": answer})["reason"].to_list() == [None, "no_answer"]


def test_a_choice_of_minus_one_is_chosen_by_its_text() -> None:
    row = converted({"question": ASKED, "choices": ["-1", "0", "1.0"], "answer": "-1"}).row(0, named=True)
    assert (row["answer"], row["prompt"]) == ("-1", f"{ASKED}\n-1\n0\n1.0")


def test_a_passage_stands_between_a_question_and_its_choices_unless_it_says_them_itself() -> None:
    row: Row = {"question": ASKED, "choices": CHOICES, "answer": "B", "context": "Bats are mammals."}
    assert converted(row)["prompt"].item() == "\n".join([ASKED, "Bats are mammals.", *CHOICES])
    whole = {"question": ASKED, "choices": CHOICES, "answer": "B", "text": f"Answer this. {ASKED}"}
    assert converted(whole)["prompt"].item() == "\n".join([ASKED, *CHOICES])
    short = apply_schema(resolved(row), frame([row]), ReadingOptions(max_input_characters=20))
    assert short["reason"].to_list() == ["has_attached_input"]


HISTORY = [["Name two birds.", "The wren and the owl."], ["Name a third.", "The kite."]]
SAID = [
    {"role": role, "content": text} for turn in HISTORY for role, text in zip(("user", "assistant"), turn, strict=True)
]


@pytest.mark.parametrize(
    "history", [HISTORY, SAID, '[["Name two birds.", "The wren and the owl."], ["Name a third.", "The kite."]]']
)
@pytest.mark.parametrize(("prompt", "answer"), [("instruction", "output"), ("query", "response"), ("prompt", "answer")])
def test_a_history_is_the_turns_before(history: object, prompt: str, answer: str) -> None:
    whole: Row = {prompt: "Which sings?", answer: "The wren.", "history": []}
    rows = converted(whole, {**whole, "history": history, "system": "Be brief."}, {**whole, "history": None})
    assert rows["prompt"].to_list() == ["Which sings?", "Name two birds.", "Which sings?"]
    assert rows["answer"][1] == "The wren and the owl."
    assert rows["messages"][1].to_list() == [
        {"role": "system", "content": "Be brief."},
        *SAID,
        {"role": "user", "content": "Which sings?"},
        {"role": "assistant", "content": "The wren."},
    ]


@pytest.mark.parametrize("history", ["so far so good", ["a", "b"], [["a", "b", "c"]], [3]])
def test_a_history_of_another_form_drops_its_row(history: object) -> None:
    whole: Row = {"instruction": "Which sings?", "output": "The wren."}
    rows = converted(whole, {**whole, "history": history})
    assert rows["reason"].to_list() == [None, "bad_messages"]
    assert rows["detail"][1].startswith("`history`: ")
