"""A history beside a prompt and its answer: the turns before them, as a list of questions with their answers."""

from __future__ import annotations

import orjson

from sayso.stages.sources.schemas.columns.empty_values import is_nothing
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message, messages_of
from sayso.stages.sources.schemas.messages.roles import Role, Roles
from sayso.stages.sources.schemas.schema import is_text

TURN: tuple[Role, Role] = ("user", "assistant")


def earlier_messages(history: object, roles: Roles) -> list[Message]:
    """The messages of turns that are pairs of texts, or of messages as in any conversation, or of either as JSON.

    There are none where it says nothing. Raises BadMessages where it is something else.
    """
    if is_nothing(history):
        return []
    if isinstance(history, str):
        try:
            history = orjson.loads(history)
        except orjson.JSONDecodeError as error:
            raise BadMessages("a list of turns was expected, not text") from error
    if isinstance(history, list) and history and all(map(_is_turn, history)):
        return [Message(role, str(text)) for turn in history for role, text in zip(TURN, turn, strict=True)]
    return messages_of(history, roles)


def _is_turn(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) == len(TURN) and all(map(is_text, value))
