"""Several replies to one prompt, each with a score or a rank: the best one is read."""

from __future__ import annotations

import math

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_values
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message
from sayso.stages.sources.schemas.messages.replies import is_side, with_reply
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema

TEXTS = ("response", "answer", "completion")
# Higher is better, or lower is.
SCORES, RANKS = ("overall_score", "score"), ("rank",)


def _ranked_replies(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("prompt", "replies"), _best, options, draws)


def _best(prompt: object, replies: object, roles: Roles) -> list[Message]:
    """The prompt with the reply that is valued most, the first of several, and the system prompt which that one had."""
    if not isinstance(replies, list):
        raise BadMessages(f"a list of replies was expected, not {type(replies).__name__}")
    valued = [(value, reply) for reply in replies if (value := _value(reply)) is not None]
    if not valued:
        raise BadMessages("none of its replies has a text with a score or a rank")
    _, best = max(valued, key=lambda each: each[0])
    messages = with_reply(prompt, _text(best), roles)
    system = best.get("custom_system_prompt")
    return [Message("system", system), *messages] if isinstance(system, str) and system.strip() else messages


def _value(reply: object) -> float | None:
    if not isinstance(reply, dict) or _text(reply) is None:
        return None
    scores = [reply.get(key) for key in SCORES] + [_negative(reply.get(key)) for key in RANKS]
    return next((score for score in scores if _is_number(score)), None)


def _negative(rank: object) -> object:
    return -rank if isinstance(rank, int | float) else rank


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _text(reply: dict[str, object]) -> str | None:
    return next((text for key in TEXTS if isinstance(text := reply.get(key), str)), None)


def _has_valued(value: object) -> bool:
    return isinstance(value, list) and any(_value(reply) is not None for reply in value)


RANKED_REPLIES = Schema(
    name="ranked_replies",
    fields={
        "prompt": ("instruction", "prompt", "question"),
        "replies": ("completions", "answers", "responses"),
        "system": SYSTEM,
    },
    required={"prompt": is_side, "replies": _has_valued},
    # A row with these has no answer of its own, or one of them.
    precedence=42,
    convert=_ranked_replies,
)
