"""A conversation in one column, its messages with `from` and `value` or with `role` and `content`."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_conversations
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.conversations import from_column
from sayso.stages.sources.schemas.messages.message_lists import in_lists, joined_lists
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema


def _sharegpt(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return _rows("conversations", fields, options, draws)


def _messages(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return _rows("messages", fields, options, draws)


def _rows(field: str, fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_conversations(
        from_column(joined_lists(fields.values(field)), options.known_roles), fields, options, draws
    )


def _is_conversation(key: str) -> Callable[[object], bool]:
    """Whether a value is a conversation, or one as JSON, that has its roles under this key; an empty one is."""

    def fits(value: object) -> bool:
        if isinstance(value, str):
            return value.lstrip().startswith("[") and f'"{key}"' in value
        if isinstance(value, dict):
            return in_lists(value, key)
        return isinstance(value, list) and (not value or (isinstance(value[0], dict) and key in value[0]))

    return fits


SHAREGPT = Schema(
    name="sharegpt",
    fields={"conversations": ("conversations", "conversation", "messages"), "system": SYSTEM},
    required={"conversations": _is_conversation("from")},
    precedence=60,
    convert=_sharegpt,
)

CHAT_MESSAGES = Schema(
    name="messages",
    fields={"messages": ("messages", "conversations", "conversation"), "system": SYSTEM},
    required={"messages": _is_conversation("role")},
    precedence=50,
    convert=_messages,
)
