"""Pairs of replies of which one was chosen: its conversation is read, the rejected one is not."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.conversations import BadMessages, Message, from_messages, messages_of
from sayso.stages.sources.schemas.converted_rows import rows_of_conversations
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema
from sayso.stages.sources.schemas.turn_choice import TurnDraws


def _preference(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    """Context and chosen reply as one conversation, unless the chosen side is a whole one by itself."""
    contexts, chosen = fields.values("prompt").to_list(), fields.values("chosen").to_list()
    found = from_messages(_conversation(context, reply) for context, reply in zip(contexts, chosen, strict=True))
    return rows_of_conversations(found, fields, options, draws)


def _conversation(context: object, reply: object) -> list[Message] | BadMessages:
    try:
        chosen = _side(reply, "assistant")
        return chosen if any(role == "user" for role, _ in chosen) else _side(context, "user") + chosen
    except BadMessages as error:
        return error


def _side(value: object, role: str) -> list[Message]:
    """One side of a preference pair: a list of messages, one message, or the bare text of one by `role`."""
    if isinstance(value, str) and not value.lstrip().startswith(("[{", "[ {")):
        return [(role, value)]
    return messages_of([value] if isinstance(value, dict) else value)


def _is_side(value: object) -> bool:
    return isinstance(value, str | list | dict)


PREFERENCE = Schema(
    name="preference",
    fields={
        "chosen": ("chosen",),
        "rejected": ("rejected",),
        "prompt": ("conversations", "conversation", "messages", "prompt", "question", "instruction"),
        "system": SYSTEM,
    },
    required={"chosen": _is_side, "rejected": _is_side},
    precedence=70,
    convert=_preference,
)
