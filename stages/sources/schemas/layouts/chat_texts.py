"""A conversation in one column of text: a log, or what a chat template makes of it."""

from __future__ import annotations

import re

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_values
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.chat_logs import is_log, log_messages
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema

_SYSTEM_MARK = re.compile(r"\s*SYSTEM:\s*")


def _chat_log(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("log", "system"), _messages, options, draws)


def _messages(log: object, system: object, roles: Roles) -> list[Message]:
    """The messages of a log; the mark of its system prompt may stand in a column of its own, too."""
    if log is None:
        return []
    found = log_messages(log, roles) if isinstance(log, str) else None
    if found is None:
        raise BadMessages("it is no log that begins with a user's mark and has one for an assistant")
    marked = _SYSTEM_MARK.match(system) if isinstance(system, str) else None
    return [Message("system", system[marked.end() :]), *found] if isinstance(system, str) and marked else found


CHAT_LOG = Schema(
    name="chat_log",
    fields={
        "log": (
            *("chat", "sample", "transcript", "plain_text", "conversation", "conversations"),
            *("dialogue", "text", "input", "prompt"),
        ),
        "system": SYSTEM,
    },
    required={"log": is_log},
    # What the same rows hold in columns with names says more than a text in which it was all put together.
    precedence=5,
    convert=_chat_log,
)
