"""Pairs of replies of which one was chosen: its conversation is read, the rejected one is not."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.columns.attached_inputs import with_inputs
from sayso.stages.sources.schemas.columns.empty_values import says_something
from sayso.stages.sources.schemas.converted_rows import rows_of_conversations
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.conversations import from_messages
from sayso.stages.sources.schemas.messages.earlier_turns import earlier_messages
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message
from sayso.stages.sources.schemas.messages.replies import is_side, is_text_side, with_reply
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema


def _preference(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    """Context and chosen reply as one conversation, unless the chosen side is a whole one by itself.

    An input, where there is one, is said on a line after a context that is text. A history comes before both.
    """
    contexts, chosen = fields.values("prompt").to_list(), fields.values("chosen").to_list()
    histories = fields.values("history").to_list()
    roles = options.known_roles
    texts = [context if is_text_side(context) else None for context in contexts]
    asked = with_inputs(fields.texts("input").with_columns(prompt=pl.Series(texts, dtype=pl.String)), options)
    inputs = asked.select(pl.when(says_something("input")).then("input")).to_series().to_list()
    asked_for = [
        context if text is None else text for context, text in zip(contexts, asked["prompt"].to_list(), strict=True)
    ]
    found = [_conversation(*sides, roles) for sides in zip(histories, asked_for, chosen, strict=True)]
    unread = [_is_missing(given, conversation) for given, conversation in zip(inputs, found, strict=True)]
    attached = asked.with_columns(unread=pl.Series(unread, dtype=pl.Boolean)).select(
        pl.coalesce("fault", "attached", pl.when("unread").then(pl.lit("`input` holds what its conversation does not")))
    )
    return rows_of_conversations(from_messages(found), fields, options, draws, attached.to_series())


def _is_missing(given: str | None, conversation: list[Message] | BadMessages) -> bool:
    if given is None or isinstance(conversation, BadMessages):
        return False
    return not any(given in message.content for message in conversation)


def _conversation(history: object, context: object, reply: object, roles: Roles) -> list[Message] | BadMessages:
    try:
        return earlier_messages(history, roles) + with_reply(context, reply, roles)
    except BadMessages as error:
        return error


PREFERENCE = Schema(
    name="preference",
    fields={
        "chosen": ("chosen",),
        "rejected": ("rejected",),
        "prompt": ("conversations", "conversation", "messages", "prompt", "question", "instruction"),
        "input": ("input",),
        "history": ("history",),
        "system": SYSTEM,
    },
    required={"chosen": is_side, "rejected": is_side},
    precedence=70,
    convert=_preference,
)
