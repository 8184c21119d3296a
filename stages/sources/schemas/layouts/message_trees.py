"""A tree of messages in one column, as Open Assistant has them: of the replies to each message the best one is read."""

from __future__ import annotations

import math

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_values
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.messages import Message, messages_of
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import Schema


def _message_tree(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("tree",), _best_path, options, draws)


def _best_path(tree: object, roles: Roles) -> list[Message]:
    """The messages from the root on, at each the reply of the lowest rank; the first where none has a rank."""
    messages: list[object] = []
    node = tree
    while isinstance(node, dict):
        messages.append({"role": node.get("role"), "content": node.get("text")})
        replies = node.get("replies")
        node = min(filter(_is_kept, replies), key=_rank, default=None) if isinstance(replies, list) else None
    return messages_of(messages, roles)


def _is_kept(reply: object) -> bool:
    return (
        isinstance(reply, dict)
        and isinstance(reply.get("text"), str)
        and not reply.get("deleted")
        and reply.get("review_result") is not False
    )


def _rank(reply: dict[str, object]) -> float:
    rank = reply.get("rank")
    return rank if isinstance(rank, int | float) else math.inf


def _is_tree(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("text"), str) and isinstance(value.get("replies"), list)


MESSAGE_TREE = Schema(
    name="message_tree",
    fields={"tree": ("prompt",)},
    required={"tree": _is_tree},
    # Its prompt is an object that holds all of a conversation.
    precedence=80,
    convert=_message_tree,
)
