"""Schemas as people write them: how each is found, and what becomes of its rows."""

import polars as pl
import pytest

from sayso.stages.sources.files import SourceError
from sayso.stages.sources.schemas.conversion import apply_schema
from sayso.stages.sources.schemas.file_schema import FileSchema, candidate_schemas, resolve

HI = [{"from": "human", "value": "Say hi."}, {"from": "gpt", "value": "Hi!"}]
ASKED = [{"role": "user", "content": "Say hi."}, {"role": "assistant", "content": "Hi!"}]


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows as the JSON readers give them: text columns typed, all others holding parsed JSON."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [[row.get(name) for row in rows] for name in names]
    kinds = [pl.String if all(isinstance(v, str | None) for v in values) else pl.Object for values in columns]
    return pl.DataFrame([pl.Series(n, v, dtype=k) for n, v, k in zip(names, columns, kinds, strict=True)])


def resolved(
    row: dict[str, object], name: str = "auto", columns: dict[str, str] | None = None, where: str = "rows.jsonl"
) -> FileSchema:
    """The schema of a file that has such rows."""
    kinds = {column: type(value).__name__ for column, value in row.items()}
    return resolve(where, kinds, [row], candidate_schemas(where, name, columns or {}))


def converted(*rows: dict[str, object], columns: dict[str, str] | None = None) -> pl.DataFrame:
    schema = resolved(rows[0], "auto", columns or {})
    return apply_schema(schema, frame(list(rows)))


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"instruction": "Say hi.", "input": "", "output": "Hi!"}, "alpaca"),
        ({"instruction": "Say hi.", "response": "Hi!"}, "alpaca"),
        ({"conversations": HI, "tools": "[]"}, "sharegpt"),
        ({"conversation": ASKED, "model": "m", "language": "English"}, "messages"),
        ({"messages": ASKED, "prompt": "other", "completion": "other"}, "messages"),
        ({"instruction": "x", "response": "y", "conversations": HI}, "sharegpt"),
        ({"messages": '[{"role": "user", "content": "Say hi."}, {"role": "assistant", "content": "Hi!"}]'}, "messages"),
        ({"question": "Say hi.", "answer": "Hi!"}, "question_answer"),
        ({"system_prompt": "", "question": "Say hi.", "response": "Hi!"}, "question_answer"),
        ({"task": "t", "prompt": "Say hi.", "completion": "Hi!"}, "prompt_completion"),
        ({"instruction": "Say hi.", "instances": [{"input": "", "output": "Hi!"}, {"output": "No"}]}, "self_instruct"),
        ({"conversations": HI[:1], "chosen": HI[1], "rejected": {"from": "gpt", "value": "No"}}, "preference"),
        ({"prompt": "Say hi.", "chosen": "Hi!", "rejected": "No"}, "preference"),
        ({"prompt": "other", "chosen": ASKED, "rejected": ASKED}, "preference"),
        ({"question": "Say hi.", "chosen": [ASKED[1]], "rejected": "No", "system": None}, "preference"),
    ],
)
def test_every_schema_is_found_and_gives_the_same_turn(row: dict[str, object], name: str) -> None:
    assert resolved(row).name == name
    result = converted(row).row(0, named=True)
    assert (result["reason"], result["detail"]) == (None, None)
    if name != "sharegpt" or "instruction" not in row:
        assert (result["prompt"], result["answer"], result["messages"]) == ("Say hi.", "Hi!", ASKED)


@pytest.mark.parametrize("given", ["", None, "  ", "<noinput>", "<no input>", "No input", "N/A", "none"])
def test_an_alpaca_row_without_an_input_says_its_instruction(given: str | None) -> None:
    assert converted({"instruction": "Name a bird.", "input": given, "output": "Wren."})["prompt"][0] == "Name a bird."


def test_an_alpaca_input_follows_its_instruction_on_a_new_line() -> None:
    row = {"instruction": "Fix this.", "input": "He go.", "output": "He goes.", "system": "Be kind."}
    result = converted(row).row(0, named=True)
    assert result["prompt"] == "Fix this.\nHe go."
    assert [turn["role"] for turn in result["messages"]] == ["system", "user", "assistant"]
    assert result["messages"][1]["content"] == result["prompt"]


def test_a_multi_turn_preference_keeps_its_context_before_the_chosen_reply() -> None:
    context = [*HI, {"from": "human", "value": "Again."}]
    result = converted({"conversations": context, "chosen": HI[1], "rejected": HI[1]}).row(0, named=True)
    assert [turn["role"] for turn in result["messages"]] == ["user", "assistant", "user", "assistant"]


def test_columns_of_another_name_are_mapped() -> None:
    row = {"task": "Say hi.", "reply": 7}
    result = converted(row, columns={"instruction": "task", "output": "reply"})
    assert result.row(0, named=True)["answer"] == "7"
    schema = resolved({"q": "x", "a": "y"}, "question_answer", {"question": "q", "answer": "a"})
    assert schema.fields["question"] == ("q",)


@pytest.mark.parametrize(
    ("row", "reason", "detail"),
    [
        ({"instruction": "", "output": "x"}, "no_prompt", "`instruction` is empty"),
        ({"instruction": "x", "output": None}, "no_answer", "`output` is empty"),
        ({"instruction": "x"}, "no_answer", "`output` is empty"),
        ({"instruction": "x", "output": {"text": "y"}}, "wrong_type", "`output` is a dict, not text"),
        ({"instruction": ["x"], "output": "y"}, "wrong_type", "`instruction` is a list, not text"),
        ({"instruction": "x", "output": True}, "wrong_type", "`output` is a bool, not text"),
        ({"question": "x", "answer": "y"}, "unknown_schema", "none of the columns"),
    ],
)
def test_an_alpaca_row_that_is_not_whole_gets_a_reason(row: dict[str, object], reason: str, detail: str) -> None:
    whole: dict[str, object] = {"instruction": "Say 7.", "input": "", "output": 7}
    result = converted(whole, row, whole)
    assert result["reason"].to_list() == [None, reason, None]
    assert detail in result["detail"][1]
    assert result["answer"].to_list()[::2] == ["7", "7"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "no_prompt"),
        ([{"role": "assistant", "content": "x"}], "no_prompt"),
        ([{"role": "user", "content": "x"}], "no_answer"),
        ([{"role": "alien", "content": "x"}], "bad_messages"),
        ("not turns", "bad_messages"),
        (3, "bad_messages"),
        (None, "unknown_schema"),
    ],
)
def test_a_conversation_that_is_not_whole_gets_a_reason(value: object, reason: str) -> None:
    result = converted({"messages": ASKED}, {"messages": value}, {"messages": ASKED})
    assert result["reason"].to_list() == [None, reason, None]
    assert result["detail"][1]


def test_a_system_column_opens_the_conversation_and_must_be_text() -> None:
    result = converted({"conversations": HI, "system": "Be kind."}, {"conversations": HI, "system": {"no": "text"}})
    assert [turn["role"] for turn in result["messages"][0]] == ["system", "user", "assistant"]
    assert result.select("reason", "detail").row(1) == ("bad_messages", "`system` is a dict, not text")


@pytest.mark.parametrize("instances", [[], [3], None, "{", [{"input": "x"}]])
def test_self_instruct_without_an_instance_has_no_answer(instances: object) -> None:
    whole: dict[str, object] = {"instruction": "x", "instances": [{"input": "", "output": "y"}]}
    assert converted(whole, {"instruction": "x", "instances": instances})["reason"].to_list() == [None, "no_answer"]


def test_typed_columns_are_read_as_well() -> None:
    numbers = pl.DataFrame({"question": ["How many?"], "answer": [12]})
    schema = resolved(numbers.to_dicts()[0])
    assert apply_schema(schema, numbers)["answer"].to_list() == ["12"]
    lists = pl.DataFrame({"question": [["How many?"], None], "answer": ["12", "Me."]})
    assert apply_schema(schema, lists)["reason"].to_list() == ["wrong_type", "no_prompt"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"prompt": "def one():", "canonical_solution": "return 1"},
            "no schema fits the columns prompt (str), canonical_solution (str); the nearest: prompt_completion lacks "
            "completion, response, output, answer or the like; ",
        ),
        (
            {"question": "How old is it?", "sentence": "It is old.", "label": 1},
            "where another column holds it, write `schema: question_answer` and `columns: {answer: …}` with its name; "
            "docs/how-to/bring-your-data.md has all schemas",
        ),
        ({"text": "It is old.", "label": 1}, "none is near; where two of them are a question and its answer"),
        ({"prompt": "Say hi.", "target": "Hi!"}, "; the nearest: prompt_completion lacks completion, response, output"),
        ({"document": "It is old. It leaks.", "summary": "It is old."}, "and none is near"),
        ({"conversations": ["billing", "refund"]}, "the nearest: sharegpt cannot read conversations (list)"),
        ({"id": 1, "data": ["politics", "bridges"]}, "the nearest: turn_list cannot read data (list)"),
        (
            {"prompt": "Which is best?", "chosen": 4, "rejected": 2},
            "the nearest: preference cannot read chosen (int) and cannot read rejected (int); ",
        ),
        (
            {"question_id": 1, "turns": ["What is one and one?", "And two and two?"]},
            "question_id (int), turns (list); `turns` are what an evaluation set asks, which belongs under "
            "`decontaminate: {against: …}`",
        ),
    ],
)
def test_where_no_schema_fits_the_nearest_are_named_with_what_each_lacks(row: dict[str, object], said: str) -> None:
    with pytest.raises(SourceError) as error:
        resolved(row, where="bench.jsonl")
    assert str(error.value).startswith("bench.jsonl: no schema fits the columns ")
    assert said in str(error.value)
    assert len(str(error.value)) < 600


def test_a_named_schema_says_what_it_lacks() -> None:
    with pytest.raises(SourceError) as error:
        resolved({"instruction": "Say hi.", "reply": "Hi!"}, "alpaca")
    assert "; it lacks output, response, completion, target or the like; where another column" in str(error.value)
    assert "`schema: alpaca` and `columns: {output: …}`" in str(error.value)
    with pytest.raises(SourceError, match="it lacks missing; "):
        resolved({"instruction": "Say hi.", "output": "Hi!"}, "alpaca", {"instruction": "missing"})


@pytest.mark.parametrize(
    ("name", "columns", "message"),
    [
        ("alpaca", {}, "the schema alpaca does not fit"),
        ("alpaca", {"instruction": "missing"}, "the schema alpaca does not fit"),
        ("alpaca", {"instrcution": "q"}, "columns maps instrcution, but alpaca has"),
        ("auto", {"instrcution": "q"}, "columns maps instrcution"),
    ],
)
def test_a_schema_or_mapping_that_does_not_fit_is_named(name: str, columns: dict[str, str], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        resolved({"q": "x", "a": "y"}, name, columns)


def test_a_message_tells_of_columns_only_as_much_as_can_be_read() -> None:
    row: dict[str, object] = {"x" * 1_000_000: 1, **{f"column-{number}": 1 for number in range(10_000)}}
    with pytest.raises(SourceError, match=r"columns x+… \(int\), column-0 \(int\), .*and 9,961 more") as error:
        resolved(row)
    assert len(str(error.value)) < 3_000
