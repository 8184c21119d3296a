"""Conversations in the spellings found in published sets."""

import polars as pl
import pytest

from sayso.stages.sources.schemas.messages.conversations import MESSAGES, as_messages, from_column
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message, messages_of
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.system_prompts import with_system_prompt

GLAIVE = [
    {"from": "human", "value": "Find me a recipe."},
    {"from": "function_call", "value": "{}"},
    {"from": "observation", "value": "[]"},
    {"from": "gpt", "value": "Here is one."},
    {"from": "human", "value": "Thanks!"},
    {"from": "gpt", "value": "Welcome."},
]
PARTS = [
    {"role": "user", "content": [{"type": "text", "value": "Hello "}, {"type": "text", "text": "there"}, "!"]},
    {"role": "assistant", "content": None, "tool_calls": [{}]},
    {"role": "tool", "content": {"type": "text", "text": "42"}},
    {"role": "Assistant", "content": "Hi."},
]


def test_roles_are_brought_to_four_and_parts_joined() -> None:
    assert [message.role for message in messages_of(GLAIVE)] == [
        "user",
        "tool",
        "tool",
        "assistant",
        "user",
        "assistant",
    ]
    assert messages_of(PARTS) == [
        Message("user", "Hello there!"),
        Message("tool", ""),
        Message("tool", "42"),
        Message("assistant", "Hi."),
    ]
    assert messages_of('[{"role": "developer", "content": 7}]') == [Message("system", "7")]
    assert messages_of(None) == []


def test_parts_that_are_whole_sentences_are_lines_of_their_own() -> None:
    parts = [{"type": "text", "text": "My train leaves at 16:20."}, {"type": "text", "text": "How do I say that?"}]
    assert messages_of([{"role": "user", "content": parts}]) == [
        Message("user", "My train leaves at 16:20.\nHow do I say that?")
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("just text", "list of messages was expected"),
        ({"role": "user"}, "list of messages was expected, not dict"),
        ([["user", "hi"]], "message 1 is a list"),
        ([{"from": "narrator", "value": "x"}], "the role 'narrator' is not known"),
        ([{"value": "x"}], "the role None is not known"),
        ([{"role": "user", "content": True}], "content is a bool"),
        ([{"role": "user", "content": [{"type": "image_url", "image_url": "u"}]}], "'image_url' cannot be said"),
    ],
)
def test_what_cannot_be_read_says_which_message(value: object, message: str) -> None:
    with pytest.raises(BadMessages, match=message):
        messages_of(value)


def test_typed_and_untyped_columns_agree_on_messages_and_faults() -> None:
    talks = [GLAIVE, [{"from": "alien", "value": "zz"}, {"from": "ghost", "value": None}], []]
    typed, untyped = (from_column(pl.Series(talks, dtype=dtype)) for dtype in (None, pl.Object))
    assert as_messages(typed).to_list()[0] == as_messages(untyped).to_list()[0]
    assert typed.faults.rows() == untyped.faults.rows()
    assert typed.faults["fault"][0].startswith("message 1: the role 'alien' is not known; `roles` of the source")


ROLES = {
    "user": ("user", "Human", "human ", "USER", "Human:", "<|user|>", "prompter"),
    "assistant": (
        "ai",
        "AI",
        "Bot",
        "Chatbot",
        "AI Assistant",
        "gpt-4",
        "gpt-3.5-turbo",
        "claude-2",
        "text-davinci-003",
    ),
    "tool": ("function-call", "function call", "functionCall", "tool_responses", "Observation:"),
    "system": ("System", "developer", "system prompt"),
}


@pytest.mark.parametrize("dtype", [pl.Object, MESSAGES])
def test_a_role_may_have_capitals_blanks_dashes_and_the_name_of_a_model(dtype: pl.DataType) -> None:
    talk = [{"role": name, "content": "x"} for names in ROLES.values() for name in names]
    found = from_column(pl.Series([talk], dtype=dtype))
    assert found.table["role"].to_list() == [role for role, names in ROLES.items() for _ in names]
    assert found.faults.is_empty()


@pytest.mark.parametrize("name", ["narrator", "Claude Monet", "Philip", "Dr. Smith", "gptzero fan", "x1"])
def test_names_of_people_are_no_roles(name: str) -> None:
    (fault,) = from_column(pl.Series([[{"role": name, "content": "x"}]])).faults["fault"]
    assert fault.startswith(f"message 1: the role {name!r} is not known")


def test_a_source_says_what_other_roles_stand_for_and_is_right_about_known_ones() -> None:
    roles = Roles({"Dr. Smith": "assistant", "narrator": "system", "bot": "user"})
    talk = [{"role": name, "content": "x"} for name in ("Narrator", "Bot", "dr. smith ", "user")]
    for dtype in (MESSAGES, pl.Object):
        found = from_column(pl.Series([talk], dtype=dtype), roles)
        assert found.table["role"].to_list() == ["system", "user", "assistant", "user"]


BOTH = pl.List(pl.Struct(dict.fromkeys(("role", "content", "from", "value"), pl.String)))


@pytest.mark.parametrize("dtype", [pl.Object, BOTH])
def test_each_message_has_its_role_and_content_under_keys_of_its_own(dtype: pl.DataType) -> None:
    nobody = {"role": None, "content": None, "from": None, "value": None}
    talks = [
        [{**nobody, "role": "user", "content": "a"}, {**nobody, "role": "assistant", "content": "A"}],
        [{**nobody, "from": "human", "value": "b"}, {**nobody, "from": "gpt", "value": "B"}],
        [{**nobody, "role": "user", "value": "c"}, {**nobody, "role": "", "from": "gpt", "content": "C"}],
    ]
    found = from_column(pl.Series(talks, dtype=dtype))
    assert found.faults.is_empty()
    assert found.table.select("row", "role", "content").rows() == [
        (row, role, content)
        for row, letter in enumerate("abc")
        for role, content in (("user", letter), ("assistant", letter.upper()))
    ]


def test_a_system_text_opens_conversations_that_have_none() -> None:
    talks = [
        [{"role": "user", "content": "a"}],
        [{"role": "system", "content": "own"}],
        [{"role": "user", "content": "b"}],
    ]
    opened = with_system_prompt(
        from_column(pl.Series(talks, dtype=MESSAGES)), pl.Series(["Be kind.", "Be brief.", " "])
    )
    assert [[turn["content"] for turn in talk] for talk in as_messages(opened).to_list()] == [
        ["Be kind.", "a"],
        ["own"],
        ["b"],
    ]


def test_a_role_that_nobody_knows_is_shown_in_short_however_long_it_is() -> None:
    talks = [[{"role": "x" * 10_000, "content": "a"}]]
    for column in (pl.Series(talks, dtype=MESSAGES), pl.Series(talks, dtype=pl.Object)):
        (fault,) = from_column(column).faults["fault"]
        assert "the role" in fault
        assert "xxx" in fault
        assert len(fault) < 150
