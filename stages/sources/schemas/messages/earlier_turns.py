"""A history beside a prompt and its answer: the turns before them, as a list of questions with their answers."""

from __future__ import annotations

import orjson
import polars as pl

from sayso.stages.sources.schemas.columns.empty_values import are_nothing, is_nothing
from sayso.stages.sources.schemas.converted_rows import rows_of_conversations, rows_of_texts
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.conversations import from_messages
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message, messages_of
from sayso.stages.sources.schemas.messages.roles import Role, Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import is_text

TURN: tuple[Role, Role] = ("user", "assistant")


def rows_after_history(
    fields: Fields, texts: pl.DataFrame, names: tuple[str, str], options: ReadingOptions, draws: TurnDraws
) -> pl.DataFrame:
    """As `rows_of_texts`; where the field `history` says something, a row is the conversation that the texts end."""
    rows = rows_of_texts(texts, fields.absent(), names, options)
    history = fields.values("history")
    later = (~are_nothing(history)).arg_true()
    if later.is_empty():
        return rows
    ended = texts[later]
    whole = from_messages(
        _conversation(value, prompt, answer, fault, options.known_roles)
        for value, prompt, answer, fault in zip(
            history[later].to_list(), *(ended[name].to_list() for name in ("prompt", "answer", "fault")), strict=True
        )
    )
    own = Fields({name: (name,) for name in ended.columns}, ("prompt", "answer"), ended)
    attached = ended["attached"] if "attached" in ended.columns else None
    talks = rows_of_conversations(whole, own, options, lambda: draws()[later], attached)
    placed = pl.concat([rows.with_row_index("row"), talks.with_columns(row=later.cast(pl.UInt32))], how="diagonal")
    return placed.unique("row", keep="last").sort("row").drop("row")


def _conversation(
    history: object, prompt: str | None, answer: str | None, fault: str | None, roles: Roles
) -> list[Message] | BadMessages:
    try:
        last = [Message("user", prompt or ""), Message("assistant", answer or "")]
        return BadMessages(fault) if fault else [*earlier_messages(history, roles), *last]
    except BadMessages as error:
        return BadMessages(f"`history`: {error}")


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
