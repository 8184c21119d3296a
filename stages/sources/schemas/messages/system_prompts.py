"""What becomes of system prompts: kept in the messages, taken out, or a reason to drop their row."""

from __future__ import annotations

from typing import Literal

import polars as pl

from sayso.stages.sources.schemas.columns.empty_values import says_something
from sayso.stages.sources.schemas.columns.text_edges import is_not_blank
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.conversations import Conversations

SystemPrompts = Literal["keep", "drop_text", "drop_row"]


def system_texts(fields: Fields) -> pl.DataFrame:
    """`system`, which may be text or a list of parts, as text, and `fault` for a row in which it is neither."""
    values = fields.values("system")
    if values.dtype != pl.Object and not values.dtype.is_nested():
        return fields.texts("system")
    found = values.to_list()
    texts = pl.Series("system", [_parts_as_text(value) for value in found], dtype=pl.String)
    faults = [
        None if text is not None or value is None else f"`system` is a {type(value).__name__}, not text"
        for value, text in zip(found, texts, strict=True)
    ]
    return pl.DataFrame([texts, pl.Series("fault", faults, dtype=pl.String)])


def _parts_as_text(value: object) -> str | None:
    if isinstance(value, dict):
        return _parts_as_text(value["parts"] if isinstance(value.get("parts"), list) else [value])
    if isinstance(value, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in value]
        texts = [part for part in parts if isinstance(part, str)]
        return "\n".join(texts) if len(texts) == len(parts) else None
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def has_system_prompt(conversations: Conversations) -> pl.Series:
    """Whether each conversation has a system message that says something."""
    said = conversations.table.filter((pl.col("role") == "system") & is_not_blank("content"))["row"].unique()
    return pl.int_range(conversations.height, eager=True).is_in(said.implode())


def without_system_prompt(conversations: Conversations) -> Conversations:
    """The conversations without their system messages."""
    table = conversations.table.filter(pl.col("role") != "system")
    return Conversations(table, conversations.faults, conversations.height)


def with_system_prompt(conversations: Conversations, texts: pl.Series) -> Conversations:
    """The conversations with their text (one a row, null or empty for none) as a system message before all others.

    A conversation that begins with a system message of its own is left as it is.
    """
    table, height = conversations.table, conversations.height
    is_first = pl.col("row") != pl.col("row").shift(1, fill_value=-1)
    own = table.filter(is_first & (pl.col("role") == "system"))
    opening = (
        pl.DataFrame({"row": pl.int_range(height, eager=True), "content": texts})
        .filter(says_something("content"))
        .join(own, on="row", how="anti")
        .select("row", role=pl.lit("system"), content="content")
    )
    if opening.is_empty():
        return conversations
    return Conversations(
        pl.concat([opening, table], how="diagonal").sort("row", maintain_order=True), conversations.faults, height
    )
