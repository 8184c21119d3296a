"""Conversations in the spellings found in published sets."""

import polars as pl
import pytest

from sayso.stages.sources.schemas.conversations import MESSAGES, BadMessages, as_messages, from_column, messages_of
from sayso.stages.sources.schemas.system_prompts import with_system_prompt

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
    assert [role for role, _ in messages_of(GLAIVE)] == ["user", "tool", "tool", "assistant", "user", "assistant"]
    assert messages_of(PARTS) == [("user", "Hello there!"), ("assistant", ""), ("tool", "42"), ("assistant", "Hi.")]
    assert messages_of('[{"role": "developer", "content": 7}]') == [("system", "7")]
    assert messages_of(None) == []


def test_parts_that_are_whole_sentences_are_lines_of_their_own() -> None:
    parts = [{"type": "text", "text": "My train leaves at 16:20."}, {"type": "text", "text": "How do I say that?"}]
    assert messages_of([{"role": "user", "content": parts}]) == [
        ("user", "My train leaves at 16:20.\nHow do I say that?")
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
    assert typed.faults["row"].to_list() == untyped.faults["row"].to_list() == [1]
    assert "alien" in typed.faults["fault"][0]


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
        assert len(fault) < 100
