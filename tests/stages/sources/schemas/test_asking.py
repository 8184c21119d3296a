"""Files whose columns may hold anything: taken for questions and answers where enough of their texts ask."""

import pytest

from sayso.stages.sources.schemas.asking import asks
from sayso.stages.sources.schemas.file_schema import FileSchema, candidate_schemas, resolve
from sayso.stages.sources.stores import SourceError

Rows = list[dict[str, object]]

TRANSLATIONS: Rows = [
    {"input": "The harbor lies still.", "output": "Der Hafen liegt still."},
    {"input": "Where is the key?", "output": "Wo ist der Schlüssel?"},
    {"input": "It rained all night.", "output": "Es regnete die ganze Nacht."},
    {"input": "Nobody came.", "output": "Niemand kam."},
]
REVIEWS: Rows = [
    {"input": f"The {thing} broke. {'Why?' if number % 4 == 0 else 'A pity.'}", "output": ["good", "bad"][number % 2]}
    for number, thing in enumerate(["lamp", "oven", "chair", "tap", "bell"] * 5)
]
PARAGRAPHS: Rows = [
    {"id": "1", "data": ["The mill stands by the river.", "It was built of oak.", "Its wheel turns no more."]},
    {"id": "2", "data": ["In spring the river rises.", "Then the meadows lie under water."]},
]
SURROUNDINGS: Rows = [{"context": "He closed the door and left.", "response": "The street was empty."}]


def schema_of_file(rows: Rows, name: str = "auto") -> FileSchema:
    kinds = {column: type(value).__name__ for row in rows for column, value in row.items()}
    return resolve("rows.jsonl", kinds, rows, candidate_schemas("rows.jsonl", name, {}))


@pytest.mark.parametrize(
    ("rows", "column", "schema"),
    [
        (TRANSLATIONS, "input", "input_target"),
        (REVIEWS, "input", "input_target"),
        (PARAGRAPHS, "data", "turn_list"),
        (SURROUNDINGS, "context", "context_response"),
    ],
)
def test_a_file_that_asks_for_nothing_is_refused_unless_its_schema_is_named(
    rows: Rows, column: str, schema: str
) -> None:
    with pytest.raises(SourceError, match=rf"texts that were looked at in {column} ask for nothing: .*`instruction`"):
        schema_of_file(rows)
    assert schema_of_file(rows, schema).name == schema


@pytest.mark.parametrize(
    ("row", "schema"),
    [
        ({"input": "Where do bats sleep?", "output": "In caves."}, "input_target"),
        ({"input": "Nenne einen Fisch.", "output": "Der Hecht."}, "input_target"),
        ({"Input Text": "Name a fish.", "Target Text": "The pike."}, "input_target"),
        ({"human": "I cannot sleep.", "bot": "Go for a walk."}, "input_target"),
        ({"inputs": "owl", "targets": "die Eule"}, "input_target"),
        ({"data": ["Write a verse.", "The tide is out."]}, "turn_list"),
        ({"conversations": ["I cannot sleep.", "Go for a walk."]}, "turn_list"),
        ({"Context": "I am tired. What helps? I sleep well.", "Response": "Light."}, "context_response"),
        ({"Prompt Text": "Nothing to say.", "Response": "Well then."}, "prompt_completion"),
    ],
)
def test_a_file_that_asks_or_whose_columns_say_so_is_read(row: dict[str, object], schema: str) -> None:
    assert schema_of_file([row]).name == schema


def test_a_few_texts_that_ask_among_many_that_do_not_are_enough() -> None:
    told: Rows = [{"input": "I cannot sleep.", "output": f"Go for {number} walks."} for number in range(3)]
    assert schema_of_file([*told, {"input": "What helps?", "output": "Tea."}]).name == "input_target"


def test_classes_of_texts_that_mostly_ask_are_answers() -> None:
    rows: Rows = [{"input": f"Is {number} even?", "output": ["odd", "even"][number % 2]} for number in range(30)]
    assert schema_of_file(rows).name == "input_target"


@pytest.mark.parametrize(
    ("prompt", "answer", "is_asked"),
    [
        ("Who is there?", "Me.", True),
        ("谁在那里？", "我。", True),
        ("请写一首诗。", "…", True),
        ("Given the tide table, plan a trip.", "At nine.", True),
        ("Who is there?", "Wer ist da?", False),
        ("He asked who was there.", "Er fragte, wer da sei.", False),
    ],
)
def test_a_question_or_a_request_asks_and_no_question_answers_one(prompt: str, answer: str, is_asked: bool) -> None:
    assert asks(prompt, answer) is is_asked
