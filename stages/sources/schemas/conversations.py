"""Conversations in their many spellings, as roles and contents."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import orjson
import polars as pl
import pyarrow

from sayso.stages.sources.schemas.fields_beside import (
    BESIDE,
    CALL_KEYS,
    REASONING_KEYS,
    TRAINING_KEYS,
    FieldType,
    any_of,
    calls_tools,
    characters,
    is_call,
    is_excluded,
)
from sayso.stages.sources.schemas.roles import KNOWN, Role, Roles
from sayso.stages.sources.schemas.values_as_text import number_as_text

MESSAGES = pl.List(pl.Struct({"role": pl.String, "content": pl.String}))
ROLE_KEYS = ("role", "from")
CONTENT_KEYS = ("content", "value")
PART_KEYS = ("text", "value", "content")
NON_BLANK = r"\S"
# Characters of a role that nobody knows, in a message.
LONGEST_SHOWN = 30

# What a training set's exporter leaves at the end of an answer.
END_OF_TEXT = r"(?:\s*(?:<\|endoftext\|>|<\|im_end\|>|<\|eot_id\|>|</s>))+\s*$"

_TEXTS = frozenset(("text", "input_text", "output_text"))
# Parts of a content that call a tool, that hold what it gave, and that an assistant thinks to itself.
_CALLS = frozenset(("tool_use", "tool_call", "tool-call", "server_tool_use", "function_call", "mcp_tool_use"))
_RESULTS = frozenset(("tool_result", "tool-result", "tool_response", "function_call_output", "function_response"))
_THOUGHTS = frozenset(("thinking", "reasoning"))


class Message(NamedTuple):
    """A message of a conversation.

    `withheld`: why it may not be the answer, whatever its content, null where it may. `reasoning`: the characters of
    reasoning that lie beside its content.
    """

    role: str
    content: str
    withheld: str | None = None
    reasoning: int = 0


# A message of those four, made in a third of the time.
_plain: Callable[[tuple[Role, str, None, int]], Message] = partial(tuple.__new__, Message)
# Why a message of the assistant is no answer that anybody learns.
EXCLUDED = "excluded_from_training"

TABLE = {"row": pl.Int64, "role": pl.String, "content": pl.String, "withheld": pl.String, "reasoning": pl.Int64}
FAULTS = {"row": pl.Int64, "fault": pl.String}


class BadMessages(ValueError):
    """Raised for a conversation that cannot be read; its text names the message."""


@dataclass(frozen=True)
class Conversations:
    """The messages of many conversations as one table, in which work on columns is cheap.

    `table`: `row` (of the conversation, ascending), then what `Message` has. `faults`: `row`, `fault` of conversations
    that cannot be read. `height`: how many conversations there are, those without a message included.
    """

    table: pl.DataFrame
    faults: pl.DataFrame
    height: int


def is_not_blank(column: str) -> pl.Expr:
    """Whether a column of texts says something in each row; null says nothing."""
    return pl.col(column).str.contains(NON_BLANK).fill_null(False)


def from_column(conversations: pl.Series, roles: Roles = KNOWN) -> Conversations:
    """The messages of a column of conversations, whatever its type."""
    fields = _fields_of_texts(conversations.dtype)
    if fields is None:
        return from_messages(_each(conversations.to_list(), roles))
    table = (
        pl.DataFrame({"row": pl.int_range(conversations.len(), eager=True), "message": conversations})
        .filter(pl.col("message").list.len() > 0)
        .explode("message", empty_as_null=False)
        .unnest("message")
        .select(
            "row",
            name=pl.coalesce(pl.when(pl.col(key) != "").then(key) for key in ROLE_KEYS if key in fields),
            content=pl.coalesce(key for key in CONTENT_KEYS if key in fields).fill_null(""),
            calls=any_of(calls_tools(key, fields[key]) for key in CALL_KEYS if key in fields),
            excluded=any_of(is_excluded(key, fields[key]) for key in TRAINING_KEYS if key in fields),
            reasoning=characters(key for key in REASONING_KEYS if fields.get(key) == pl.String),
        )
    )
    names = table["name"].unique().drop_nulls().to_list()
    known = pl.col("name").replace_strict(
        names, [roles.find(name) for name in names], default=None, return_dtype=pl.String
    )
    table = table.with_columns(known=known)
    is_assistant = pl.col("known") == "assistant"
    found = table.select(
        "row",
        "content",
        role=pl.when(is_assistant & pl.col("calls")).then(pl.lit("tool")).otherwise("known"),
        withheld=pl.when(is_assistant & pl.col("excluded")).then(pl.lit(EXCLUDED)),
        reasoning=pl.when(is_assistant).then("reasoning").otherwise(0),
    )
    return Conversations(found.select(*TABLE), _strange_roles(table), conversations.len())


def _fields_of_texts(dtype: pl.DataType) -> dict[str, FieldType] | None:
    """The fields of a column typed as list of structs in which roles and contents are text; None for other types."""
    if not (isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct)):
        return None
    fields = {field.name: field.dtype for field in dtype.inner.fields if field.dtype != pl.Null}
    roles, contents = ([fields[key] for key in keys if key in fields] for keys in (ROLE_KEYS, CONTENT_KEYS))
    if not roles or not contents or any(kind != pl.String for kind in (*roles, *contents)):
        return None
    return fields


def _strange_roles(table: pl.DataFrame) -> pl.DataFrame:
    """`FAULTS` of the conversations with a role (`name`) that nobody knows, from the first message with one."""
    if table["known"].null_count() == 0:
        return pl.DataFrame(schema=FAULTS)
    numbered = table.with_columns(number=pl.int_range(1, pl.len() + 1).over("row"))
    strange = numbered.filter(pl.col("known").is_null()).unique("row", keep="first", maintain_order=True)
    names = strange["name"].unique().to_list()
    told = pl.col("name").replace_strict(names, [_not_known(name) for name in names], return_dtype=pl.String)
    return strange.select("row", fault=pl.format("message {}: {}", "number", told))


def _not_known(role: object) -> str:
    return f"the role {reprlib.repr(role)} is not known; `roles` of the source may say what it stands for"


def _each(values: Iterable[object], roles: Roles) -> Iterator[list[Message] | BadMessages]:
    for value in values:
        try:
            yield messages_of(value, roles)
        except BadMessages as error:
            yield error


def from_messages(conversations: Iterable[list[Message] | BadMessages]) -> Conversations:
    """As `from_column`, for conversations already taken apart; a BadMessages in their place is the fault."""
    rows: list[int] = []
    messages: list[Message] = []
    faults: list[tuple[int, str]] = []
    height = 0
    for row, found in enumerate(conversations):
        height = row + 1
        if isinstance(found, BadMessages):
            faults.append((row, str(found)))
        else:
            rows += [row] * len(found)
            messages += found
    columns = ([message[place] for message in messages] for place in range(len(Message._fields)))
    table = pl.DataFrame([rows, *columns], schema=TABLE)
    return Conversations(table, pl.DataFrame(faults, schema=FAULTS, orient="row"), height)


def as_messages(conversations: Conversations) -> pl.Series:
    """One list of role and content for each conversation, empty where it has no message.

    Built on the offsets of Arrow's list layout: grouping, or `concat_list` on structs, takes many times longer.
    """
    starts = conversations.table["row"].search_sorted(pl.int_range(conversations.height + 1, eager=True), side="left")
    values = conversations.table.select("role", "content").to_struct("messages")
    lists = pyarrow.LargeListArray.from_arrays(
        starts.cast(pl.Int64).to_arrow(), values.to_arrow(compat_level=pl.CompatLevel.newest())
    )
    return pl.Series("messages", pl.from_arrow(lists), dtype=MESSAGES)


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
    found: list[Message] = []
    for number, message in enumerate(value, start=1):
        if isinstance(message, dict) and len(message) == 2:
            # Nearly all messages are a role and a text alone.
            name, content = message.get("role") or message.get("from"), message.get("content") or message.get("value")
            if isinstance(name, str) and isinstance(content, str) and (role := roles.find(name)):
                found.append(_plain((role, content, None, 0)))
                continue
        found.append(_message(message, number, roles))
    return found


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
        raise BadMessages(f"message {number}: {_not_known(name)}")
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
    excluded = any(fields.get(key) == 0 and not isinstance(fields[key], str) for key in TRAINING_KEYS)
    thoughts = (fields.get(key) for key in REASONING_KEYS)
    beside = next((len(text) for text in thoughts if isinstance(text, str) and text), 0)
    return Message(role, message.content, EXCLUDED if excluded else None, message.reasoning + beside)


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
    return str(part.get("type") or "text") if isinstance(part, dict) else "text"


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
