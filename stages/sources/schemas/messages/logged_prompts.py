"""Prompts that are logs of a conversation so far, or a template that ends where the answer begins."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_conversations
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.chat_logs import LOG_START, log_with_reply
from sayso.stages.sources.schemas.messages.conversations import from_messages
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions


def with_logged_prompts(
    rows: pl.DataFrame, fields: Fields, prompt: str, answer: str, options: ReadingOptions, draws: TurnDraws
) -> pl.DataFrame:
    """The rows of two texts; those whose prompt is a log that asks for the answer are read as conversations."""
    texts = fields.texts(prompt, answer).with_columns(row=pl.int_range(pl.len()))
    likely = texts.filter(pl.col(prompt).str.contains(LOG_START)).select("row", prompt, answer).drop_nulls()
    roles = options.known_roles
    read = {row: log for row, text, reply in likely.iter_rows() if (log := _log(text, reply, roles))}
    if not read:
        return rows
    which = pl.Series("row", list(read), dtype=pl.Int64)
    conversations = from_messages(read.values())
    logged = rows_of_conversations(conversations, fields.taken(which), options, lambda: draws().gather(which))
    others = rows.with_columns(texts["row"]).filter(~pl.col("row").is_in(which.implode()))
    return pl.concat([others, logged.with_columns(which)]).sort("row").drop("row")


def _log(text: str, reply: str, roles: Roles) -> list[Message] | BadMessages | None:
    try:
        return log_with_reply(text, reply, roles)
    except BadMessages as error:
        return error
