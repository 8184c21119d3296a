"""Conversations in their many spellings, as roles and contents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow

from sayso.stages.sources.schemas.columns.text_edges import may_end_with
from sayso.stages.sources.schemas.messages.fields_beside import (
    CALL_KEYS,
    REASONING_KEYS,
    TRAINING_KEYS,
    FieldType,
    any_of,
    calls_tools,
    characters,
    says_no,
)
from sayso.stages.sources.schemas.messages.messages import (
    BECAUSE,
    CONTENT_KEYS,
    EXCLUDED,
    ROLE_KEYS,
    BadMessages,
    Message,
    messages_of,
    not_known,
)
from sayso.stages.sources.schemas.messages.roles import KNOWN, Roles

MESSAGES = pl.List(pl.Struct({"role": pl.String, "content": pl.String}))
# What a training set's exporter leaves at the end of an answer.
_END_OF_TEXT = r"(?:\s*(?:<\|endoftext\|>|<\|im_end\|>|<\|eot_id\|>|</s>))+\s*$"

TABLE = {"row": pl.Int64, "role": pl.String, "content": pl.String, "withheld": pl.String, "reasoning": pl.Int64}
FAULTS = {"row": pl.Int64, "fault": pl.String}


@dataclass(frozen=True)
class Conversations:
    """The messages of many conversations as one table, in which work on columns is cheap.

    `table`: `row` (of the conversation, ascending), then what `Message` has. `faults`: `row`, `fault` of conversations
    that cannot be read. `height`: how many conversations there are, those without a message included.
    """

    table: pl.DataFrame
    faults: pl.DataFrame
    height: int


def without_end_of_text(texts: pl.Series) -> pl.Series:
    """Texts of an assistant without the special tokens at their end."""
    places = may_end_with(texts, ">").arg_true()
    return texts.scatter(places, texts[places].str.replace(_END_OF_TEXT, "")) if not places.is_empty() else texts


def from_column(conversations: pl.Series, roles: Roles = KNOWN) -> Conversations:
    """The messages of a column of conversations, whatever its type."""
    fields = _fields_of_texts(conversations.dtype)
    if fields is None:
        return from_values(conversations.to_list(), roles)
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
            excluded=pl.coalesce(
                *(says_no(key, fields[key]) for key in TRAINING_KEYS if key in fields), pl.lit(None, pl.String)
            ),
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
        withheld=pl.when(is_assistant).then(pl.lit(EXCLUDED + BECAUSE) + pl.col("excluded")),
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
    told = pl.col("name").replace_strict(names, [not_known(name) for name in names], return_dtype=pl.String)
    return strange.select("row", fault=pl.format("message {}: {}", "number", told))


def from_messages(conversations: Iterable[list[Message] | BadMessages]) -> Conversations:
    """As `from_column`, for conversations already taken apart; a BadMessages in their place is the fault."""
    table = _MessageTable()
    for found in conversations:
        table.add(found)
    return table.conversations()


def from_values(values: Iterable[object], roles: Roles = KNOWN) -> Conversations:
    """As `from_column`, for the values of parsed JSON."""
    table = _MessageTable()
    for value in values:
        if type(value) is list and table.add_plain(value, roles):
            continue
        try:
            table.add(messages_of(value, roles))
        except BadMessages as error:
            table.add(error)
    return table.conversations()


class _MessageTable:
    """The columns of messages as they come; what most of them lack is kept by place, for a list would cost as much."""

    def __init__(self) -> None:
        self._heights: list[int] = []
        self._roles: list[str] = []
        self._contents: list[str] = []
        self._withheld: dict[int, str] = {}
        self._reasoning: dict[int, int] = {}
        self._faults: list[tuple[int, str]] = []

    def add_plain(self, messages: list[object], roles: Roles) -> bool:
        """Take a conversation in which each message is a known role and a text alone, as nearly all are; else False."""
        said, contents, find = self._roles, self._contents, roles.find
        before = len(said)
        for message in messages:
            if type(message) is dict and len(message) == 2:
                name, content = message.get("role") or message.get("from"), message.get("content")
                if content is None:
                    content = message.get("value")
                if type(name) is str and type(content) is str and (role := find(name)):
                    said.append(role)
                    contents.append(content)
                    continue
            del said[before:], contents[before:]
            return False
        self._heights.append(len(said) - before)
        return True

    def add(self, found: list[Message] | BadMessages) -> None:
        """Take the messages of a conversation, or its fault."""
        messages = [] if isinstance(found, BadMessages) else found
        if isinstance(found, BadMessages):
            self._faults.append((len(self._heights), str(found)))
        self._heights.append(len(messages))
        for message in messages:
            if message.withheld:
                self._withheld[len(self._roles)] = message.withheld
            if message.reasoning:
                self._reasoning[len(self._roles)] = message.reasoning
            self._roles.append(message.role)
            self._contents.append(message.content)

    def conversations(self) -> Conversations:
        """All that was taken."""
        columns = {
            "row": np.repeat(np.arange(len(self._heights)), self._heights),
            "role": self._roles,
            "content": self._contents,
            "withheld": _column_of(self._withheld, pl.Series([None], dtype=pl.String), len(self._roles)),
            "reasoning": _column_of(self._reasoning, pl.Series([0], dtype=pl.Int64), len(self._roles)),
        }
        faults = pl.DataFrame(self._faults, schema=FAULTS, orient="row")
        return Conversations(pl.DataFrame(columns, schema=TABLE), faults, len(self._heights))


def _column_of(values: Mapping[int, object], others: pl.Series, height: int) -> pl.Series:
    """A column with values by their place, and one value in all other places."""
    column = others.new_from_index(0, height)
    return column.scatter(list(values), list(values.values())) if values else column


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
