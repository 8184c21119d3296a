"""Conversations in the layouts that sets, providers and exports have: rows that are not whole get a reason."""

from typing import Any

import polars as pl
import pytest

from sayso.stages.sources.files import SourceError
from sayso.stages.sources.schemas.conversion import apply_schema
from tests.stages.sources.schemas.test_schemas import converted, resolved

ASK = {"role": "user", "content": "Say hi."}
SAY = {"role": "assistant", "content": "Hi!"}
LOG = "\n\nHuman: Say hi.\n\nAssistant: Hi!"
NODE = {"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Say hi."]}}


def said(row: dict[str, Any]) -> tuple[Any, Any, Any]:
    return converted(row).select("prompt", "answer", "detail").row(0)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"chosen": LOG, "rejected": LOG}, "preference"),
        ({"prompt": "Human: Say hi.\n\nAssistant:", "chosen": " Hi!", "rejected": " No."}, "preference"),
        ({"prompt": [ASK], "chosen": {"role": ["assistant"], "content": ["Hi!"]}, "rejected": [SAY]}, "preference"),
        ({"text": LOG}, "chat_log"),
        ({"chat": "USER: Say hi.\n\n\nASSISTANT: Hi! <|endoftext|>", "system": "SYSTEM: Be kind."}, "chat_log"),
        ({"prompt": "Human: Say hi.\n\nAssistant:", "completion": " Hi!"}, "prompt_completion"),
        ({"question": "<|user|>\nSay hi.\n<|assistant|>\n", "answer": "Hi!"}, "question_answer"),
        ({"instruction": "Say hi.", "input": "", "output": "Hi!", "text": LOG}, "alpaca"),
        ({"messages": {"role": ["user", "assistant"], "content": ["Say hi.", "Hi!"]}}, "messages"),
        ({"messages": [ASK, SAY], "system": [{"text": "Be"}, {"text": "kind."}]}, "messages"),
        ({"conversations": ["Say hi.", "Hi!"]}, "turn_list"),
        ({"conversation": [["Say hi.", "Hi!"], ["And?", "Bye!"]]}, "turn_pairs"),
        ({"messages": [{"prompt": "Say hi.", "response": "Hi!"}]}, "turn_pairs"),
        ({"prompt": [ASK], "completion": [SAY]}, "completion_messages"),
        ({"prompt": [ASK], "response": "Hi!"}, "completion_messages"),
        ({"prompt": "Say hi.", "completion": [SAY]}, "completion_messages"),
        (
            {"prompt": "Say hi.", "answers": [{"answer": "No", "rank": 2}, {"answer": "Hi!", "rank": 1}]},
            "ranked_replies",
        ),
        (
            {"prompt": {"text": "Say hi.", "role": "prompter", "replies": [{"text": "Hi!", "role": "assistant"}]}},
            "message_tree",
        ),
        ({"chat_history": [{"role": "User", "message": "Say hi."}, {"role": "Chatbot", "message": "Hi!"}]}, "cohere"),
        ({"messages": [{"type": "human", "content": "Say hi."}, {"type": "ai", "content": "Hi!"}]}, "langchain"),
        ({"contents": [{"parts": [{"text": "Say hi."}]}, {"role": "model", "parts": [{"text": "Hi!"}]}]}, "gemini"),
    ],
)
def test_every_layout_is_found_and_gives_the_same_turn(row: dict[str, Any], name: str) -> None:
    assert resolved(row).name == name
    assert said(row) == ("Say hi.", "Hi!", None)


@pytest.mark.parametrize(
    "row",
    [
        {"chosen": 1, "rejected": 0},
        {"chosen": "0.83", "rejected": "-1"},
        {"chosen": [0.1, 0.9], "rejected": [0.2, 0.8]},
        {"chosen": {"score": 3}, "rejected": {"score": 1}},
    ],
)
def test_numbers_are_no_pair_of_replies(row: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match="no schema fits"):
        resolved(row)
    assert resolved({"instruction": "Say hi.", "output": "Hi!", **row}).name == "alpaca"


@pytest.mark.parametrize(
    ("row", "broken", "detail"),
    [
        ({"text": LOG}, {"text": "Human: or not?"}, "it is no log that begins with a user's mark"),
        (
            {"chosen": LOG, "rejected": LOG},
            {"chosen": f"\n\nHuman: You?{LOG}", "rejected": LOG},
            "message 2 of the log",
        ),
        (
            {"prompt": LOG[:-4], "completion": "Hi!"},
            {"prompt": f"\n\nHuman: You?{LOG[:-4]}", "completion": "Hi!"},
            "log",
        ),
        ({"conversations": ["Say hi.", "Hi!"]}, {"conversations": ["Say hi.", True]}, "message 2: content is a bool"),
        ({"conversation": [["Say hi.", "Hi!"]]}, {"conversation": [["Say hi.", "Hi!"], ["And?"]]}, "turn 2 has no two"),
        ({"conversation": [{"input": "a", "output": "b"}]}, {"conversation": {"a": 1}}, "a list of turns was expected"),
        (
            {"prompt": "a", "completions": [{"response": "b", "overall_score": 1.0}]},
            {"prompt": "a", "completions": [{"response": "b", "overall_score": None}, {"overall_score": 3}]},
            "none of its replies has a text with a score",
        ),
        (
            {"contents": [{"parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}]}]},
            {"contents": [{"role": "user"}]},
            "content 1 has no list of parts",
        ),
        (
            {"messages": [{"type": "human", "content": "a"}, {"type": "ai", "content": "b"}]},
            {"messages": [{"type": "remove", "content": "a"}]},
            "the type 'remove' is not known",
        ),
        (
            {"chat_history": [{"role": "USER", "message": "a"}, {"role": "CHATBOT", "message": "b"}]},
            {"chat_history": [{"role": "ALIEN", "message": "a"}]},
            "the role 'ALIEN' is not known",
        ),
        ({"chat": {"turn_1": {"Human": "a", "MOSS": "b"}}}, {"chat": {"turn_1": {"Human": 3}}}, "a int is no text"),
        (
            {"mapping": {"r": {"message": NODE, "parent": None, "children": []}}},
            {"mapping": {"r": {"message": {**NODE, "metadata": {"attachments": [{}]}}, "children": []}}},
            "message 1: its attachments cannot be said",
        ),
        (
            {"chat_messages": [{"sender": "human", "text": "a"}, {"sender": "assistant", "text": "b"}]},
            {"chat_messages": [{"sender": "human", "text": "a", "files": [{"file_name": "x"}]}]},
            "message 1: its attachments cannot be said",
        ),
    ],
)
def test_a_row_that_cannot_be_read_says_why(row: dict[str, Any], broken: dict[str, Any], detail: str) -> None:
    result = converted(row, broken, row)
    assert result["reason"][1] == "bad_messages"
    assert detail in result["detail"][1]
    assert result["prompt"][0] == result["prompt"][2] is not None


def test_lists_of_keys_that_are_uneven_cost_their_row_alone() -> None:
    talks = [
        {"from": ["human", "gpt"], "value": ["Say hi.", "Hi!"]},
        {"from": ["human"], "value": ["Say hi.", "Hi!"]},
        None,
        {"from": [], "value": []},
    ]
    schema = resolved({"conversations": talks[0]})
    for column in (pl.Series("conversations", talks, strict=False), pl.Series("conversations", talks, dtype=pl.Object)):
        result = apply_schema(schema, column.to_frame())
        assert result["reason"].to_list() == [None, "schema_error", "unknown_schema", "no_prompt"]
        assert result["answer"][0] == "Hi!"


def test_of_an_export_the_way_to_the_last_node_is_read_and_no_circle_holds_it_up() -> None:
    reply = {"author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["Hi!"]}}
    again = {**reply, "content": {"content_type": "text", "parts": ["No."]}}
    call = {**reply, "recipient": "python", "content": {"content_type": "code", "text": "print()"}}
    nodes = {
        "q": {"message": NODE, "parent": None, "children": ["a", "t"]},
        "a": {"message": again, "parent": "q", "children": []},
        "t": {"message": call, "parent": "q", "children": ["b"]},
        "b": {"message": reply, "parent": "t", "children": []},
    }
    for last in ({}, {"current_node": "b"}):
        messages = converted({"mapping": nodes, **last})["messages"][0]
        assert [message["content"] for message in messages] == ["Say hi.", "", "Hi!"]
    circle = {"q": {"message": NODE, "parent": "q", "children": ["q"]}}
    assert converted({"mapping": circle, "current_node": "q"})["reason"].to_list() == ["no_answer"]


def test_without_ranks_the_first_reply_is_read_and_what_was_taken_down_is_not() -> None:
    replies = [
        {"text": "Gone.", "role": "assistant", "rank": 0, "deleted": True},
        {"text": "Hi!", "role": "assistant", "rank": None, "replies": None},
        {"text": "No.", "role": "assistant"},
    ]
    tree = {"prompt": {"text": "Say hi.", "role": "prompter", "replies": replies}}
    assert said(tree) == ("Say hi.", "Hi!", None)


def test_lists_whose_texts_say_who_speaks_or_are_json_are_no_turns() -> None:
    for texts in (["User: Say hi.", "Assistant: Hi!"], ['{"a": 1}', "b"], ["alone"], ["a", 3]):
        with pytest.raises(SourceError):
            resolved({"conversations": texts})
