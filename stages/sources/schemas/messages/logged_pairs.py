"""Pairs of a prompt and an answer of which one is a log of a conversation, or a part of one as a template wrote it."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.messages.chat_logs import (
    log_with_reply,
    marked_messages,
    may_be_log,
    may_be_marked,
)
from sayso.stages.sources.schemas.messages.messages import Message
from sayso.stages.sources.schemas.messages.roles import Roles


def may_be_logged(asked: pl.Series, answers: pl.Series) -> pl.Series:
    """Which pairs `logged_messages` may take apart, by how their texts begin and their first mark."""
    return may_be_log(asked) | may_be_marked(answers)


def logged_messages(asked: str, prompt: str, answer: str, roles: Roles) -> list[Message] | None:
    """The messages of a pair whose prompt is a log that asks for the answer, or whose answer has marks of its own.

    `prompt`: what is asked with what stands beside it, which goes with the last that the user says. None for any other
    pair, one whose answer talks of marks among them. Raises BadMessages where marks are missing.
    """
    log = log_with_reply(asked, answer, roles)
    if log:
        return _with_beside(log, *prompt.split(asked, 1)) if prompt != asked else log
    marked = marked_messages(answer, roles)
    if not marked:
        return None
    if marked[0].role == "assistant":
        return [Message("user", prompt), *marked]
    is_whole = any(message.role == "assistant" for message in marked) and any(
        message.role == "user" and asked.strip() in message.content for message in marked
    )
    return marked if is_whole else None


def _with_beside(log: list[Message], before: str, behind: str) -> list[Message]:
    last = max(number for number, message in enumerate(log) if message.role == "user")
    said = Message("user", before + log[last].content + behind)
    return [*log[:last], said, *log[last + 1 :]]
