"""Which turn of a conversation is said, and what is done with what surrounds it."""

import polars as pl
import pytest

from sayso.stages.sources.schemas.conversion import apply_schema
from sayso.stages.sources.schemas.messages.assistant_texts import told_apart
from sayso.stages.sources.schemas.messages.conversations import MESSAGES, from_column
from sayso.stages.sources.schemas.messages.turn_choice import choose_turn, turns_after_first, undrawn
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from tests.stages.sources.schemas.test_schemas import resolved

Talk = list[dict[str, str]]


def talk(*turns: tuple[str, str]) -> Talk:
    return [{"role": role, "content": content} for role, content in turns]


THREE = talk(
    ("system", "Be kind."),
    *(("user", "a"), ("assistant", "A")),
    *(("user", "b"), ("tool", "t"), ("assistant", " "), ("assistant", "B")),
    *(("user", "c"), ("assistant", "C")),
    *(("user", "thanks"),),
)
NONE = talk(("assistant", "hello"), ("user", "a"), ("user", "again"))


def first_turns(column: pl.Series) -> list[tuple[str | None, str | None]]:
    chosen = choose_turn(told_apart(from_column(column))[1], "first", undrawn)
    return chosen.select("prompt", "answer").rows()  # type: ignore[return-value]


def read(options: ReadingOptions, rows: list[dict[str, object]], draws: list[float] | None = None) -> pl.DataFrame:
    schema = resolved(rows[0])
    return apply_schema(schema, pl.DataFrame(rows), options, lambda: pl.Series(draws))


def test_the_answer_is_what_is_said_before_the_user_speaks_again() -> None:
    column = [
        talk(("system", "s"), ("user", "a"), ("assistant", "  "), ("tool", "t"), ("assistant", "b"), ("user", "c")),
        talk(("assistant", "hello"), ("user", "a"), ("user", "again"), ("assistant", "late")),
        talk(("assistant", "only me")),
        [],
        None,
        talk(("user", "x"), ("assistant", "y")),
    ]
    expected = [("a", "b"), ("a\n\nagain", "late"), (None, None), (None, None), (None, None), ("x", "y")]
    assert first_turns(pl.Series(column, dtype=pl.Object)) == expected
    assert first_turns(pl.Series(column, dtype=MESSAGES)) == expected


TOOLS = {
    "after the last call": (
        [("assistant", "Let me see."), ("tool", "{}"), ("tool", "7"), ("assistant", "It is 7.")],
        "It is 7.",
    ),
    "called twice": (
        [("tool", "{}"), ("assistant", "Now the other."), ("tool", "{}"), ("assistant", "Both.")],
        "Both.",
    ),
    "in two pieces": ([("assistant", "Mercury."), ("assistant", "And Venus.</s>")], "Mercury.\n\nAnd Venus."),
    "in two pieces after a call": (
        [("tool", "{}"), ("assistant", "A."), ("assistant", " "), ("assistant", "B.")],
        "A.\n\nB.",
    ),
    "said twice": ([("assistant", "A."), ("assistant", "A.")], "A."),
    "called alone": ([("assistant", "Let me see."), ("tool", "{}")], None),
    "called at the end": ([("tool", "{}"), ("assistant", "Now the other."), ("tool", "{}")], None),
}


@pytest.mark.parametrize("dtype", [pl.Object, MESSAGES])
@pytest.mark.parametrize(("replies", "answer"), TOOLS.values(), ids=TOOLS)
def test_the_answer_is_what_is_said_after_the_last_call_to_a_tool_joined(
    dtype: pl.DataType, replies: list[tuple[str, str]], answer: str | None
) -> None:
    first, later = ("user", "How many?"), [("user", "Thanks."), ("assistant", "Welcome.")]
    column = pl.Series([talk(first, *replies, *later), talk(first, *replies), talk(*later)], dtype=dtype)
    assert first_turns(column) == [("How many?", answer), ("How many?", answer), ("Thanks.", "Welcome.")]


@pytest.mark.parametrize("dtype", [pl.Object, MESSAGES])
def test_the_last_turn_is_the_last_that_is_answered(dtype: pl.DataType) -> None:
    column = pl.Series([THREE, NONE, [], talk(("user", "x"), ("assistant", "X"))], dtype=dtype)
    found = choose_turn(from_column(column), "last", undrawn).select("prompt", "answer").rows()
    assert found == [("c", "C"), ("a\n\nagain", None), (None, None), ("x", "X")]


@pytest.mark.parametrize(("drawn", "prompt"), [(0.0, "a"), (0.33, "a"), (0.34, "b"), (0.67, "c"), (0.999, "c")])
def test_any_turn_is_the_one_that_the_draw_points_at(drawn: float, prompt: str) -> None:
    column = pl.Series([NONE, THREE], dtype=MESSAGES)
    found = choose_turn(from_column(column), "any", lambda: pl.Series([0.9, drawn]))
    assert found.select("prompt", "answer").rows() == [("a\n\nagain", None), (prompt, prompt.upper())]


@pytest.mark.parametrize("dtype", [pl.Object, MESSAGES])
def test_later_turns_are_those_after_the_first_as_many_as_are_asked_for(dtype: pl.DataType) -> None:
    turns = from_column(pl.Series([NONE, THREE, [], THREE[:3]], dtype=dtype))
    b, c = ({"prompt": prompt, "spoken": None, "answer": prompt.upper()} for prompt in "bc")
    assert turns_after_first(turns, 0).to_list() == [None] * 4
    assert turns_after_first(turns, 1).to_list() == [None, [b], None, None]
    assert turns_after_first(turns, 3).to_list() == [None, [b, c], None, None]


@pytest.mark.parametrize(
    "gap",
    [
        [("user", "b"), ("assistant", " ")],
        [("user", " "), ("assistant", "B")],
        [("user", "b"), ("assistant", "</s>")],
    ],
)
def test_later_turns_end_before_the_first_that_is_not_whole(gap: list[tuple[str, str]]) -> None:
    opening = [("user", "a"), ("assistant", "A"), ("user", "more"), ("assistant", "More.</s>")]
    column = pl.Series([talk(*opening, *gap, ("user", "c"), ("assistant", "C"))], dtype=MESSAGES)
    assert turns_after_first(from_column(column), 3).to_list() == [
        [{"prompt": "more", "spoken": None, "answer": "More."}]
    ]


def test_any_turn_without_draws_is_refused() -> None:
    with pytest.raises(ValueError, match="a number must be drawn"):
        choose_turn(from_column(pl.Series([THREE], dtype=MESSAGES)), "any", undrawn)


def test_messages_keep_what_stands_before_and_after_the_turn_that_is_said() -> None:
    result = read(ReadingOptions(turn="last"), [{"messages": THREE}]).row(0, named=True)
    assert (result["prompt"], result["answer"], result["messages"]) == ("c", "C", THREE)


def test_a_system_prompt_may_be_taken_out_of_the_messages() -> None:
    rows: list[dict[str, object]] = [{"messages": THREE, "system": "Be brief."}]
    messages = read(ReadingOptions(system="drop_text"), rows)["messages"][0].to_list()
    assert messages == [turn for turn in THREE if turn["role"] != "system"]
    texts: list[dict[str, object]] = [{"question": "q", "answer": "a", "system": "Be kind."}]
    assert [turn["content"] for turn in read(ReadingOptions(system="drop_text"), texts)["messages"][0]] == ["q", "a"]


def test_a_system_prompt_may_cost_a_row_its_place() -> None:
    silent = talk(("system", "  "), ("user", "a"), ("assistant", "A"))
    result = read(ReadingOptions(system="drop_row"), [{"messages": silent}, {"messages": THREE}])
    assert result["reason"].to_list() == [None, "has_system_prompt"]
    assert result["detail"][1] == "its system prompt says something"
    texts: list[dict[str, object]] = [
        {"question": "q", "answer": "a", "system": system} for system in ("Be kind.", "", None)
    ]
    assert read(ReadingOptions(system="drop_row"), texts)["reason"].to_list() == ["has_system_prompt", None, None]


@pytest.mark.parametrize(
    ("most", "reasons"),
    [
        (None, [None, None, None]),
        (5, [None, None, "has_attached_input"]),
        (0, [None, "has_attached_input", "has_attached_input"]),
    ],
)
def test_an_attached_input_is_said_up_to_a_length(most: int | None, reasons: list[str | None]) -> None:
    rows: list[dict[str, object]] = [
        {"instruction": "Fix this.", "input": given, "output": "Done."} for given in ("<noinput>", "He go", "He go.")
    ]
    result = read(ReadingOptions(max_input_characters=most), rows)
    assert result["reason"].to_list() == reasons
    if reasons[2]:
        assert result["detail"][2] == f"its input has 6 characters; the source takes {most}"


def test_a_row_with_more_text_than_the_source_takes_is_dropped_with_its_size() -> None:
    rows: list[dict[str, object]] = [
        {"messages": talk(("system", "Be kind."), ("user", "Warum?"), ("assistant", "Schön."))},
        {"messages": talk(("user", "Warum?"), ("assistant", "Schön!!"), ("user", "a"), ("assistant", "b" * 7))},
        {"messages": talk(("narrator", "c" * 100))},
    ]
    result = read(ReadingOptions(text_bytes=21), rows)
    assert result["reason"].to_list() == [None, "row_too_large", "bad_messages"]
    assert result["detail"][1] == "it has 22 bytes of text; the source takes 21 (limits.text_bytes)"


def test_by_default_a_row_may_have_a_mebibyte_of_text() -> None:
    rows: list[dict[str, object]] = [{"question": "a", "answer": "b" * (size - 1)} for size in (1 << 20, (1 << 20) + 1)]
    assert read(ReadingOptions(), rows)["reason"].to_list() == [None, "row_too_large"]
