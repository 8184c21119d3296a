"""Conversations in their many spellings, as roles and contents."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson
import polars as pl
import pyarrow

from sayso.stages.sources.schemas.values_as_text import number_as_text

MESSAGES = pl.List(pl.Struct({"role": pl.String, "content": pl.String}))
ROLE_KEYS = ("role", "from")
CONTENT_KEYS = ("content", "value")
PART_KEYS = ("text", "value", "content")
# Every field that is read inside a column of lists or structs: of a message, of a part of its content, of an instance.
FIELDS_INSIDE = frozenset((*ROLE_KEYS, *CONTENT_KEYS, *PART_KEYS, "type", "input", "output"))
NON_BLANK = r"\S"
# Characters of a role that nobody knows, in a message.
LONGEST_SHOWN = 30

# What a training set's exporter leaves at the end of an answer.
END_OF_TEXT = r"(?:\s*(?:<\|endoftext\|>|<\|im_end\|>|<\|eot_id\|>|</s>))+\s*$"

# Every spelling found in published sets; calls to tools count as `tool` because nobody says or hears them.
ROLES = {
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("user", "human", "prompter"), "user"),
    **dict.fromkeys(("assistant", "gpt", "model", "bot", "chatgpt", "bing", "bard"), "assistant"),
    **dict.fromkeys(
        (
            *("tool", "tools", "tool_call", "tool_calls", "tool_response", "tool_result", "tool_results"),
            *("function", "function_call", "function_response", "function_result", "observation", "ipython"),
        ),
        "tool",
    ),
}

Message = tuple[str, str]

TABLE = {"row": pl.Int64, "role": pl.String, "content": pl.String}
FAULTS = {"row": pl.Int64, "fault": pl.String}


class BadMessages(ValueError):
    """Raised for a conversation that cannot be read; its text names the message."""


@dataclass(frozen=True)
class Conversations:
    """The messages of many conversations as one table, in which work on columns is cheap.

    `table`: `row` (of the conversation, ascending), `role`, `content`. `faults`: `row`, `fault` of conversations
    that cannot be read. `height`: how many conversations there are, those without a message included.
    """

    table: pl.DataFrame
    faults: pl.DataFrame
    height: int


def is_not_blank(column: str) -> pl.Expr:
    """Whether a column of texts says something in each row; null says nothing."""
    return pl.col(column).str.contains(NON_BLANK).fill_null(False)


def from_column(conversations: pl.Series) -> Conversations:
    """The messages of a column of conversations, whatever its type."""
    keys = _text_keys(conversations.dtype)
    if keys is None:
        return from_messages(_each(conversations.to_list()))
    role_key, content_key = keys
    table = (
        pl.DataFrame({"row": pl.int_range(conversations.len(), eager=True), "message": conversations})
        .filter(pl.col("message").list.len() > 0)
        .explode("message", empty_as_null=False)
        .select(
            "row", role=pl.col("message").struct.field(role_key), content=pl.col("message").struct.field(content_key)
        )
        .with_columns(
            pl.col("content").fill_null(""),
            known=pl.col("role").str.to_lowercase().replace_strict(ROLES, default=None, return_dtype=pl.String),
        )
    )
    strange = table.filter(pl.col("known").is_null()).unique("row", keep="first", maintain_order=True)
    role = pl.col("role").fill_null("null").str.head(LONGEST_SHOWN)
    faults = strange.select("row", fault=pl.format("the role {} is not known", role))
    return Conversations(table.select("row", pl.col("known").alias("role"), "content"), faults, conversations.len())


def _text_keys(dtype: pl.DataType) -> tuple[str, str] | None:
    """The fields for role and content of a column typed as list of structs of text; None for other types."""
    if not (isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct)):
        return None
    texts = [field.name for field in dtype.inner.fields if field.dtype == pl.String]
    role = next((key for key in ROLE_KEYS if key in texts), None)
    content = next((key for key in CONTENT_KEYS if key in texts), None)
    return (role, content) if role and content else None


def _each(values: Iterable[object]) -> Iterator[list[Message] | BadMessages]:
    for value in values:
        try:
            yield messages_of(value)
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
    table = pl.DataFrame(
        {"row": rows, "role": [role for role, _ in messages], "content": [content for _, content in messages]},
        schema=TABLE,
    )
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


def messages_of(value: object) -> list[Message]:
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
    return [_message(message, number) for number, message in enumerate(value, start=1)]


def _parse(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadMessages(f"a list of messages was expected, not text ({error})") from error


def _message(value: object, number: int) -> Message:
    if not isinstance(value, dict):
        raise BadMessages(f"message {number} is a {type(value).__name__}, not an object")
    role = value.get("role") or value.get("from")
    known = ROLES.get(role.lower()) if isinstance(role, str) else None
    if known is None:
        raise BadMessages(f"message {number}: the role {reprlib.repr(role)} is not known")
    content = value.get("content")
    if content is None:
        content = value.get("value")
    return known, content if isinstance(content, str) else _text(content, known, number)


def _text(content: object, role: str, number: int) -> str:
    if content is None:
        return ""
    if isinstance(content, int | float) and not isinstance(content, bool):
        return number_as_text(content) or ""
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        raise BadMessages(f"message {number}: content is a {type(content).__name__}")
    return _join([_part(part, role, number) for part in content])


def _join(parts: list[str]) -> str:
    """Parts as one text: whole sentences are lines of their own, pieces of one are put together as they are."""
    text = ""
    for part in parts:
        text += "\n" + part if text.endswith((".", "?", "!", ":")) and part[:1].isalnum() else part
    return text


def _part(part: object, role: str, number: int) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        raise BadMessages(f"message {number}: a content part is a {type(part).__name__}")
    kind = part.get("type", "text")
    text = next((part[key] for key in PART_KEYS if part.get(key) is not None), None)
    if kind in ("text", "input_text", "output_text") and isinstance(text, str):
        return text
    if role == "user":
        raise BadMessages(f"message {number}: a content part of type {reprlib.repr(kind)} cannot be said")
    return ""
