"""Messages taken apart one by one, as parsed JSON has them: role, content, and what stands beside these."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import NamedTuple

import orjson

from sayso.stages.sources.schemas.columns.values_as_text import number_as_text
from sayso.stages.sources.schemas.messages.fields_beside import (
    BESIDE,
    CALL_KEYS,
    REASONING_KEYS,
    excluded_by,
    is_call,
)
from sayso.stages.sources.schemas.messages.roles import KNOWN, Roles

ROLE_KEYS = ("role", "from")
CONTENT_KEYS = ("content", "value")
PART_KEYS = ("text", "value", "content")

_TEXTS = frozenset(("text", "input_text", "output_text"))
# Parts of a content that call a tool, that hold what it gave, and that an assistant thinks to itself.
_CALLS = frozenset(("tool_use", "tool_call", "tool-call", "server_tool_use", "function_call", "mcp_tool_use"))
_RESULTS = frozenset(("tool_result", "tool-result", "tool_response", "function_call_output", "function_response"))
_THOUGHTS = frozenset(("thinking", "reasoning"))
# The keys of parts that have no type, as Amazon Bedrock writes them, with the type that says the same.
_UNTYPED = {
    **{"toolUse": "tool_use", "toolResult": "tool_result", "reasoningContent": "reasoning"},
    **{key: key for key in ("image", "document", "video", "audio")},
}
# Why a message of the assistant is no answer that anybody learns; in `withheld`, what says so comes behind this.
EXCLUDED = "excluded_from_training"
BECAUSE = ": "


class BadMessages(ValueError):
    """Raised for a conversation that cannot be read; its text names the message."""


class Message(NamedTuple):
    """A message of a conversation.

    `withheld`: why it may not be the answer, whatever its content, null where it may: a reason, and behind `BECAUSE`
    what says so, where that is no other text than the content. `reasoning`: the characters of reasoning that lie beside
    its content.
    """

    role: str
    content: str
    withheld: str | None = None
    reasoning: int = 0


def messages_of(value: object, roles: Roles = KNOWN) -> list[Message]:
    """The messages of one conversation found as parsed JSON, or as JSON in a string; none for null.

    Content is text, a number, null (said nothing) or a list of parts, of which the text ones are joined.
    Raises BadMessages where it is no list of messages, a role is not known, or a user message holds more than text.
    """
    if isinstance(value, str):
        value = _parse(value)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadMessages(f"a list of messages was expected, not {type(value).__name__}")
    return [_message(message, number, roles) for number, message in enumerate(value, start=1)]


def _parse(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadMessages(f"a list of messages was expected, not text ({error})") from error


def _message(value: object, number: int, roles: Roles) -> Message:
    if not isinstance(value, dict):
        raise BadMessages(f"message {number} is a {type(value).__name__}, not an object")
    name = value.get("role") or value.get("from")
    role = roles.find(name) if isinstance(name, str) else None
    if role is None:
        raise BadMessages(f"message {number}: {not_known(name)}")
    content = value.get("content")
    if content is None:
        content = value.get("value")
    message = Message(role, content) if isinstance(content, str) else _of_parts(content, role, number)
    if role != "assistant" or BESIDE.isdisjoint(value):
        return message
    return _with_fields_beside(message, value)


def _with_fields_beside(message: Message, fields: Mapping[str, object]) -> Message:
    """A message of the assistant with what its other fields say of it."""
    role = "tool" if any(is_call(fields.get(key)) for key in CALL_KEYS) else message.role
    excluded = excluded_by(fields)
    thoughts = (fields.get(key) for key in REASONING_KEYS)
    beside = next((len(text) for text in thoughts if isinstance(text, str) and text), 0)
    withheld = f"{EXCLUDED}{BECAUSE}{excluded}" if excluded else None
    return Message(role, message.content, withheld, message.reasoning + beside)


def _of_parts(content: object, role: str, number: int) -> Message:
    """A message whose content is no text: its text parts, joined, or a tool's where its parts are those of one."""
    if content is None:
        return Message(role, "")
    if isinstance(content, int | float) and not isinstance(content, bool):
        return Message(role, number_as_text(content) or "")
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        raise BadMessages(f"message {number}: content is a {type(content).__name__}")
    kinds = [_kind(part) for part in content]
    text = _join([_part(part, kind, role, number) for part, kind in zip(content, kinds, strict=True)])
    if role == "assistant":
        thoughts = [part.get(kind) for part, kind in zip(content, kinds, strict=True) if kind in _THOUGHTS]
        beside = sum(len(thought) for thought in thoughts if isinstance(thought, str))
        return Message(role if _CALLS.isdisjoint(kinds) else "tool", text, reasoning=beside)
    only_results = role == "user" and not text.strip() and not _RESULTS.isdisjoint(kinds)
    return Message("tool" if only_results else role, text)


def _kind(part: object) -> str:
    if not isinstance(part, dict):
        return "text"
    return str(part.get("type") or next((kind for key, kind in _UNTYPED.items() if is_call(part.get(key))), "text"))


def _join(parts: list[str]) -> str:
    """Parts as one text: whole sentences are lines of their own, pieces of one are put together as they are."""
    text = ""
    for part in parts:
        text += "\n" + part if text.endswith((".", "?", "!", ":")) and part[:1].isalnum() else part
    return text


def _part(part: object, kind: str, role: str, number: int) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        raise BadMessages(f"message {number}: a content part is a {type(part).__name__}")
    text = next((part[key] for key in PART_KEYS if part.get(key) is not None), None)
    if kind in _TEXTS and isinstance(text, str):
        return text
    if role == "user" and kind not in _RESULTS:
        raise BadMessages(f"message {number}: a content part of type {reprlib.repr(kind)} cannot be said")
    return ""


def not_known(role: object) -> str:
    """The sentence about a role that nobody knows."""
    return f"the role {reprlib.repr(role)} is not known; `roles` of the source may say what it stands for"
