"""Passages in the forms that sets of questions have them in, as one text."""

import polars as pl
import pytest

from sayso.stages.sources.schemas.columns.passages import passages_as_text
from tests.stages.sources.schemas.test_schemas import converted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["The Itz is short.", " It is cold. "], "The Itz is short.\nIt is cold."),
        (
            {"title": ["Itz"], "sentences": [["The Itz is short.", " It is cold."]]},
            "Itz: The Itz is short. It is cold.",
        ),
        ([["Itz", ["The Itz is short."]], ["Main", ["It is long."]]], "Itz: The Itz is short.\nMain: It is long."),
        (
            [{"title": "Itz", "paragraph_text": "It is short."}, {"text": "It is cold."}],
            "Itz: It is short.\nIt is cold.",
        ),
        (
            {"is_selected": [0, 1, 0], "passage_text": ["It is red.", "It is short.", "It is old."], "url": ["a"] * 3},
            "It is short.",
        ),
        (
            [{"is_selected": 1, "passage_text": "It is short."}, {"is_selected": 0, "passage_text": "Old."}],
            "It is short.",
        ),
        ({"contexts": ["It is short.", "It is cold."], "labels": ["AIM", "END"]}, "It is short.\nIt is cold."),
    ],
)
def test_paragraphs_are_lines(value: object, text: str) -> None:
    assert passages_as_text(pl.Series([value], dtype=pl.Object)).to_list() == [text]
    row = converted({"question": "How is the Itz?", "answer": "Short.", "context": value}).row(0, named=True)
    assert (row["prompt"], row["reason"]) == (f"How is the Itz?\n{text}", None)


@pytest.mark.parametrize("value", [{"title": ["Itz"], "sentences": 3}, [["Itz", "Main"], [1]], {"page": 7}])
def test_what_is_no_passage_drops_its_row(value: object) -> None:
    row = {"question": "How is the Itz?", "answer": "Short.", "context": value}
    assert converted(row)["reason"].to_list() == ["wrong_type"]


@pytest.mark.parametrize("value", [None, [], {"title": [], "sentences": []}])
def test_no_passage_is_none(value: object) -> None:
    whole = {"question": "How is the Itz?", "answer": "Short.", "context": "It is short."}
    assert converted(whole, {**whole, "context": value})["prompt"].to_list()[1] == "How is the Itz?"
