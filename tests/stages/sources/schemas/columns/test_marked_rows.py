"""Rows that their makers marked: nobody is to learn them, or people did not want their answers."""

import polars as pl
import pytest

from sayso.stages.sources.schemas.conversion import apply_schema
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from tests.stages.sources.schemas.messages.test_turn_choice import read, talk
from tests.stages.sources.schemas.test_schemas import resolved

ROWS: dict[str, dict[str, object]] = {
    "instruction": {"instruction": "a", "input": "", "output": "A"},
    "pair": {"prompt": "a", "completion": "A"},
    "messages": {"messages": talk(("user", "a"), ("assistant", "A"))},
    "preference": {"prompt": "a", "chosen": "A", "rejected": "B"},
}


def reasons(row: dict[str, object], name: str, values: list[object], is_typed: bool) -> pl.DataFrame:
    """What becomes of a row with each of the values in a column of this name."""
    columns = [pl.Series(key, [value] * len(values), dtype=pl.Object) for key, value in row.items()]
    marks = pl.Series(name, values) if is_typed else pl.Series(name, values, dtype=pl.Object)
    return apply_schema(resolved({**row, name: values[0]}), pl.DataFrame([*columns, marks]))


@pytest.mark.parametrize("is_typed", [True, False])
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("weight", 0, 2),
        ("weight", -0.5, 1.0),
        ("Weight", "0", "1"),
        ("loss_weight", 0.0, 0.5),
        ("train", False, True),
        ("training", "false", "true"),
        ("trainable", False, True),
        ("loss", False, True),
    ],
)
def test_a_row_that_is_marked_so_is_one_that_nobody_is_to_learn(
    row: str, name: str, value: object, other: object, is_typed: bool
) -> None:
    found = reasons(ROWS[row], name, [value, other, None], is_typed)
    assert found["reason"].to_list() == ["excluded_from_training", None, None]
    told = str(value).lower() if isinstance(value, bool) else value
    assert found["detail"][0] == f"the row is marked as one that nobody is to learn: `{name}` is {told}"


@pytest.mark.parametrize("is_typed", [True, False])
@pytest.mark.parametrize(("name", "values"), [("loss", [0.0, 1.5]), ("weight", [[0], [1]]), ("train", ["a", "b"])])
def test_what_marks_no_row_is_left(name: str, values: list[object], is_typed: bool) -> None:
    assert reasons(ROWS["pair"], name, values, is_typed)["reason"].to_list() == [None, None]


@pytest.mark.parametrize("is_typed", [True, False])
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("label", [False, True]),
        ("label", ["False", "true"]),
        ("kto_tag", [False, True]),
        ("is_safe", [False, True]),
        ("is_safe", [0, 1]),
        ("is_response_safe", ["no", "yes"]),
        ("is_correct", [False, True]),
    ],
)
def test_an_answer_that_a_mark_is_against_is_one_that_people_did_not_want(
    row: str, name: str, values: list[object], is_typed: bool
) -> None:
    found = reasons(ROWS[row], name, [*values, None], is_typed)
    assert found["reason"].to_list() == ["rejected_answer", None, None]
    told = str(values[0]).lower() if isinstance(values[0], bool) else values[0]
    assert found["detail"][0] == f"`{name}` is {told}: its answer is one that people did not want"


def test_a_label_that_is_a_number_names_a_class() -> None:
    assert reasons(ROWS["pair"], "label", [0, 1], True)["reason"].to_list() == [None, None]
    assert read(ReadingOptions(), [{**ROWS["pair"], "label": 0}])["reason"].to_list() == [None]


def test_a_mark_that_the_source_leaves_out_says_nothing() -> None:
    rows = [{**ROWS["pair"], "is_correct": False, "weight": 0}]
    ignored = ReadingOptions(ignored_columns=("is_correct", "weight"))
    assert read(ignored, rows)["reason"].to_list() == [None]
