"""Which turn of a conversation is said, and what is done with what surrounds it."""

import polars as pl
import pytest

from sayso.stages.sources.schemas.assistant_texts import told_apart
from sayso.stages.sources.schemas.conversations import MESSAGES, from_column
from sayso.stages.sources.schemas.conversion import convert
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.turn_choice import choose_turn, turns_after_first, undrawn
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
    return convert(schema, pl.DataFrame(rows), options, lambda: pl.Series(draws))


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


CALLS = (
    '<tool_call>\n{"name": "weather", "arguments": {"city": "Oslo"}}\n</tool_call>',
    'I will look.\n<tool_call>{"name": "weather"}</tool_call>',
    '<functioncall> {"name": "weather", "arguments": \'{"city": "Oslo"}\'}',
    '[weather(city="Oslo"), Tides API(port=1)]',
    "[now()]",
    '{"name": "weather", "arguments": {"city": "Oslo"}}',
    '[{"name": "weather", "parameters": {}}]',
    '{"type": "function", "name": "weather", "parameters": {"city": "Oslo"}}',
    '{"arguments": {"city": "Oslo"}, "name": "weather"}',
    '```json\n{"name": "weather", "arguments": {}}\n```',
    '<|python_tag|>weather.call(city="Oslo")',
    '[TOOL_CALLS] [{"name": "weather", "arguments": {}}]',
    '<function=weather>{"city": "Oslo"}</function>',
    "Thought: I need it.\nAction: weather\nAction Input: Oslo",
    '<think>They ask.</think>\n<tool_call>\n{"name": "weather"}\n</tool_call>',
)
NO_CALLS = (
    "Wrap it in `<tool_call>` and close it again.",
    "[A link](https://example.com) says so.",
    "[Applause (loud)]",
    "[f(x=i) for i in range(10)]",
    '{"name": "Anna", "age": 7}',
    "[1, 2, 3]",
    "Use f(x=1).",
)


@pytest.mark.parametrize("dtype", [pl.Object, MESSAGES])
@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_is_written_as_text_is_no_answer(dtype: pl.DataType, call: str) -> None:
    asked, result = ("user", "Is it cold?"), ("user", "<tool_response>-7</tool_response>")
    whole, alone = talk(asked, ("assistant", call), result, ("assistant", "Very.")), talk(asked, ("assistant", call))
    found = convert(resolved({"messages": whole}), pl.DataFrame({"messages": pl.Series([whole, alone], dtype=dtype)}))
    assert found["answer"].to_list() == ["Very.", None]
    assert found["reason"].to_list() == [None, "no_answer"]
    assert found["detail"][1] == "the assistant calls a tool and says nothing after that"
    assert found["messages"][0].to_list() == talk(asked, ("tool", call), ("tool", result[1]), ("assistant", "Very."))
    flat: list[dict[str, object]] = [{"question": "Is it cold?", "answer": call}]
    assert read(ReadingOptions(), flat)["reason"].to_list() == ["no_answer"]


@pytest.mark.parametrize("text", NO_CALLS)
def test_an_answer_about_a_call_is_one(text: str) -> None:
    assert first_turns(pl.Series([talk(("user", "How?"), ("assistant", text))])) == [("How?", text)]


REASONED = {
    "<think>\nThey greet.\n</think>\n\nHi!": "Hi!",
    "They greet, so do I.\n</think>\n\nHi!": "Hi!",
    "<think>a</think>b</think>Hi!": "Hi!",
    "<think>\n\n</think>\n\nHi!": "Hi!",
    "<Thinking>a</Thinking><reflection>b</reflection>\n<output>\nHi!\n</output>": "Hi!",
    "<reasoning>\na\n</reasoning>\n<answer>\nHi!\n</answer>": "Hi!",
    "<thought>a</thought>Hi!": "Hi!",
    "<|begin_of_thought|>a<|end_of_thought|>\n\n<|begin_of_solution|>\nHi!\n<|end_of_solution|>": "Hi!",
    "[THINK]a[/THINK]Hi!": "Hi!",
    "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>Hi!": "Hi!",
    "Well.\n<think>\na\n</think>\nHi!": "Well.\nHi!",
    "Write `<think>` before it and `</think>` behind it.": None,
    "Use text.split('</think>')[-1] here.": None,
    "See:\n```\n<think>\na\n</think>\n```": None,
    "I think, therefore I am.": None,
}


@pytest.mark.parametrize(("text", "said"), REASONED.items())
def test_reasoning_is_cut_from_the_answer_and_stays_in_the_messages(text: str, said: str | None) -> None:
    rows: list[dict[str, object]] = [
        {"messages": talk(("user", "a"), ("assistant", text), ("user", "b"), ("assistant", text))}
    ]
    found = read(ReadingOptions(later_turns=1), rows).row(0, named=True)
    assert (found["answer"], found["reason"]) == (said or text, None)
    assert found["later_turns"][0]["answer"] == (said or text)
    assert found["messages"][1]["content"] == text
    assert (found["reasoning_characters"] > 0) == (said is not None)
    flat = read(ReadingOptions(), [{"question": "a", "answer": text}]).row(0, named=True)
    assert (flat["answer"], flat["messages"][1]["content"]) == (said or text, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<think>They greet.</think>\n", "only_reasoning"),
        ("<think>They greet, but", "unfinished_reasoning"),
        ("<think>a</think>\n<think>b", "unfinished_reasoning"),
        ("<reasoning>a</reasoning><answer></answer>", "only_reasoning"),
    ],
)
def test_an_answer_that_is_reasoning_alone_falls_out(text: str, reason: str) -> None:
    rows: list[dict[str, object]] = [{"messages": talk(("user", "a"), ("assistant", text))}]
    assert read(ReadingOptions(), rows)["reason"].to_list() == [reason]
    assert read(ReadingOptions(), [{"question": "a", "answer": text}])["reason"].to_list() == [reason]


BESIDE = (
    {"role": "assistant", "content": "Let me see.", "tool_calls": [{"function": {"name": "weather"}}]},
    {"role": "assistant", "content": "", "reasoning_content": "They greet."},
    {"role": "assistant", "content": "Hi!", "reasoning_content": "They greet."},
    {"role": "assistant", "content": "Hi!", "weight": 0},
    {"role": "assistant", "content": "Hi!", "train": False},
    {"role": "assistant", "content": "Hi!", "loss": False},
    {"role": "assistant", "content": "Hi!", "weight": 1, "train": True, "loss": True, "tool_calls": []},
    {"role": "assistant", "content": "Hi!", "weight": None, "reasoning_content": None, "tool_calls": None},
)


@pytest.mark.parametrize("is_typed", [True, False])
def test_what_stands_beside_a_message_says_whether_it_is_an_answer(is_typed: bool) -> None:
    asked = {"role": "user", "content": "a", "weight": 0, "train": False}
    talks = [[asked, reply] for reply in BESIDE]
    column = pl.Series("messages", talks, strict=False) if is_typed else pl.Series("messages", talks, dtype=pl.Object)
    found = convert(resolved({"messages": talks[0]}), column.to_frame())
    excluded = ["excluded_from_training"] * 3
    assert found["reason"].to_list() == ["no_answer", "only_reasoning", None, *excluded, None, None]
    assert found["answer"].to_list() == [None, None, "Hi!", None, None, None, "Hi!", "Hi!"]
    assert found["reasoning_characters"].to_list() == [0, 11, 11, 0, 0, 0, 0, 0]
    assert [messages[0]["role"] for messages in found["messages"].to_list()] == ["user"] * 8


def test_of_several_turns_those_are_taken_that_may_be_learned() -> None:
    def reply(content: str, weight: int) -> dict[str, object]:
        return {"role": "assistant", "content": content, "weight": weight}

    asked = [{"role": "user", "content": letter} for letter in "abc"]
    talks = [
        [asked[0], reply("No.", 0), reply("A", 1)],
        [asked[0], reply("A", 1), asked[1], reply("B", 0), asked[2], reply("C", 1)],
        [asked[0], reply("A", 0), asked[1], reply("B", 1), asked[2], reply("C", 0)],
    ]
    rows: list[dict[str, object]] = [{"messages": messages} for messages in talks]
    first = read(ReadingOptions(later_turns=3), rows)
    assert first["answer"].to_list() == ["A", "A", None]
    assert first["later_turns"].to_list()[:2] == [None, None]
    assert first["reason"].to_list() == [None, None, "excluded_from_training"]
    assert read(ReadingOptions(turn="last"), rows)["answer"].to_list() == ["A", "C", "B"]


@pytest.mark.parametrize("label", [False, "False", "false"])
@pytest.mark.parametrize("name", ["label", "kto_tag"])
def test_a_row_whose_label_is_false_is_one_that_people_did_not_want(name: str, label: object) -> None:
    pair: dict[str, object] = {"prompt": "a", "completion": "A"}
    talks: dict[str, object] = {"messages": talk(("user", "a"), ("assistant", "A"))}
    for row in (pair, talks):
        rows = [{**row, name: given} for given in (True, label, None)]
        frame = pl.DataFrame([pl.Series(key, [row[key] for row in rows], dtype=pl.Object) for key in rows[0]])
        assert convert(resolved(rows[0]), frame)["reason"].to_list() == [None, "rejected_answer", None]
    assert read(ReadingOptions(), [{**pair, "label": 0}])["reason"].to_list() == [None]


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
