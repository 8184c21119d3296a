"""What of an assistant's messages is an answer: no call to a tool, no reasoning, nothing that nobody is to learn."""

import polars as pl
import pytest

from sayso.stages.sources.schemas.conversion import apply_schema
from sayso.stages.sources.schemas.messages.conversations import MESSAGES
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from tests.stages.sources.schemas.messages.test_turn_choice import first_turns, read, talk
from tests.stages.sources.schemas.test_schemas import resolved

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
    'get_weather(city="Oslo")',
    "  BookTable(name='O\\'Hara', seats=4, terrace=True)\n",
    'get_tides(port="Oslo", days=[1, 2])\nget_weather(\n    city="Oslo",\n    unit=null,\n)',
    'now()\nget_weather(city="Oslo"); get_wind(place={"x": 1.5, "y": -2})',
    "API-Request: [Weather(city='Oslo')]",
    "```tool_code\nprint(weather('Oslo'))\n```",
)
NO_CALLS = (
    "Wrap it in `<tool_call>` and close it again.",
    "[A link](https://example.com) says so.",
    "[Applause (loud)]",
    "[f(x=i) for i in range(10)]",
    '{"name": "Anna", "age": 7}',
    "[1, 2, 3]",
    "Use f(x=1).",
    "print('x')",
    'print("x", end="")',
    'print(end="")',
    "dict(a=1)",
    'df.dropna(axis="index")',
    "sorted(words, key=len)",
    "area(width=w, height=h)",
    "total = add(a=1)",
    "greet()",
    'weather("Oslo")',
    "f(x) = 2x",
    "Oslo (the capital)",
    "Call get_weather(city='Oslo') first.",
    'Person(name="Ann", age=30)',
    '```python\nperson(name="Ann")\n```',
    'get_weather(city="Oslo") gives rain.',
    'get_weather(city="Oslo")\nIt rains there.',
)


@pytest.mark.parametrize("dtype", [pl.Object, MESSAGES])
@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_is_written_as_text_is_no_answer(dtype: pl.DataType, call: str) -> None:
    asked, result = ("user", "Is it cold?"), ("user", "<tool_response>-7</tool_response>")
    whole, alone = talk(asked, ("assistant", call), result, ("assistant", "Very.")), talk(asked, ("assistant", call))
    rows = pl.DataFrame({"messages": pl.Series([whole, alone], dtype=dtype)})
    found = apply_schema(resolved({"messages": whole}), rows)
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
    {"role": "assistant", "content": "Hi!", "weight": -1},
    {"role": "assistant", "content": "Hi!", "weight": 1, "train": True, "loss": True, "tool_calls": []},
    {"role": "assistant", "content": "Hi!", "weight": None, "reasoning_content": None, "tool_calls": None},
)


@pytest.mark.parametrize("is_typed", [True, False])
def test_what_stands_beside_a_message_says_whether_it_is_an_answer(is_typed: bool) -> None:
    asked = {"role": "user", "content": "a", "weight": 0, "train": False}
    talks = [[asked, reply] for reply in BESIDE]
    column = pl.Series("messages", talks, strict=False) if is_typed else pl.Series("messages", talks, dtype=pl.Object)
    found = apply_schema(resolved({"messages": talks[0]}), column.to_frame())
    excluded = ["excluded_from_training"] * 4
    assert found["reason"].to_list() == ["no_answer", "only_reasoning", None, *excluded, None, None]
    assert found["answer"].to_list() == [None, None, "Hi!", None, None, None, None, "Hi!", "Hi!"]
    assert found["reasoning_characters"].to_list() == [0, 11, 11, 0, 0, 0, 0, 0, 0]
    assert [messages[0]["role"] for messages in found["messages"].to_list()] == ["user"] * 9


@pytest.mark.parametrize("is_typed", [True, False])
@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("weight", "0", "0"),
        ("weight", 0.0, "0.0"),
        ("loss_scale", "0.0", "0.0"),
        ("trainable", False, "false"),
        ("training", False, "false"),
        ("train", "False", "False"),
        ("train", " no ", "no"),
    ],
)
def test_why_nobody_is_to_learn_a_message_is_told_with_its_key_and_value(
    key: str, value: object, told: str, is_typed: bool
) -> None:
    asked = {"role": "user", "content": "a"}
    talks = [[asked, {"role": "assistant", "content": "Hi!", key: given}] for given in (value, None)]
    column = pl.Series("messages", talks, strict=False) if is_typed else pl.Series("messages", talks, dtype=pl.Object)
    found = apply_schema(resolved({"messages": talks[0]}), column.to_frame())
    assert found["reason"].to_list() == ["excluded_from_training", None]
    assert found["detail"][0] == f"the answer is marked as one that nobody is to learn: `{key}` is {told}"


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
