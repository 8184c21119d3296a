"""A prompt and its completion in two columns, of which one at least is a list of messages."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_conversations, rows_of_values
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.conversations import from_column
from sayso.stages.sources.schemas.messages.messages import Message
from sayso.stages.sources.schemas.messages.replies import is_side, with_reply
from sayso.stages.sources.schemas.messages.roles import KNOWN, Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema, is_text


def _messages_answer(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("messages", "answer", "reasoning"), _with_answer, options, draws)


def _with_answer(messages: object, answer: object, reasoning: object, roles: Roles) -> list[Message]:
    beside = len(reasoning) if isinstance(reasoning, str) else 0
    return [
        message._replace(reasoning=beside) if message.role == "assistant" else message
        for message in with_reply(messages, answer, roles)
    ]


def _ends_with_a_user(value: object) -> bool:
    last = value[-1] if isinstance(value, list) and value else None
    name = last.get("role") or last.get("from") if isinstance(last, dict) else None
    return isinstance(name, str) and KNOWN.find(name) == "user"


def _completion_messages(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    prompts, completions = fields.values("prompt"), fields.values("completion")
    if isinstance(prompts.dtype, pl.List) and prompts.dtype == completions.dtype:
        return rows_of_conversations(
            from_column(prompts.list.concat(completions), options.known_roles), fields, options, draws
        )
    return rows_of_values(fields, ("prompt", "completion"), with_reply, options, draws)


# A conversation that nobody answers, and beside it the answer.
MESSAGES_ANSWER = Schema(
    name="messages_answer",
    fields={
        "messages": ("messages", "conversations", "conversation"),
        "answer": ("answer", "response", "completion"),
        "reasoning": ("reasoning", "reasoning_content"),
        "system": SYSTEM,
    },
    required={"messages": _ends_with_a_user, "answer": is_text},
    # Before those that read the conversation alone.
    precedence=62,
    convert=_messages_answer,
)

COMPLETION_MESSAGES = Schema(
    name="completion_messages",
    fields={"prompt": ("prompt",), "completion": ("completion", "response"), "system": SYSTEM},
    required={"prompt": is_side, "completion": is_side},
    # After prompt_completion, which reads two texts, and after what has all of a conversation in one column.
    precedence=8,
    convert=_completion_messages,
)
