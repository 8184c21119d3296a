"""Conversations without roles: texts of a user and an assistant by turns, or objects that hold both of one turn."""

from __future__ import annotations

from itertools import cycle

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_values
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.chat_logs import opens_as_log
from sayso.stages.sources.schemas.messages.fields_beside import TRAINING_KEYS
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message, messages_of
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema

# The keys of both sides in an object that is a turn.
SIDES = (
    *(("input", "output"), ("human", "assistant"), ("Human", "Assistant"), ("user", "assistant")),
    *(("prompt", "response"), ("question", "answer"), ("instruction", "output")),
)

# What people write at the end of a sentence, and how many words say something without it.
SENTENCE_MARKS = frozenset(".?!…。？！؟।")
WORDS = 4


def _turn_list(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("turns",), _by_turns, options, draws)


def _turn_pairs(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("turns",), _by_pairs, options, draws)


def _by_turns(value: object, roles: Roles) -> list[Message]:
    if not isinstance(value, list):
        raise BadMessages(f"a list of texts was expected, not {type(value).__name__}")
    return messages_of([{"role": role, "content": text} for role, text in zip(cycle(("user", "assistant")), value)])


def _by_pairs(value: object, roles: Roles) -> list[Message]:
    """Both sides of each turn, after a `system` of the first."""
    if not isinstance(value, list):
        raise BadMessages(f"a list of turns was expected, not {type(value).__name__}")
    first = value[0] if value else None
    system = first.get("system") if isinstance(first, dict) else None
    said = [{"role": "system", "content": system}] if system else []
    for number, turn in enumerate(value, start=1):
        sides = _sides(turn)
        if sides is None:
            raise BadMessages(f"turn {number} has no two sides")
        marks = {key: turn[key] for key in TRAINING_KEYS if key in turn} if isinstance(turn, dict) else {}
        asked, replied = sides
        said += [{"role": "user", "content": asked}, {"role": "assistant", "content": replied, **marks}]
    return messages_of(said)


def _sides(turn: object) -> tuple[object, object] | None:
    if isinstance(turn, list):
        return (turn[0], turn[1]) if len(turn) == 2 else None
    if not isinstance(turn, dict):
        return None
    return next(((turn[asked], turn[replied]) for asked, replied in SIDES if asked in turn and replied in turn), None)


def _is_turns(value: object) -> bool:
    """Whether a value is two texts or more that say nothing of who speaks, one of them a sentence: tags have none."""
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(text, str) for text in value)
        and not value[0].lstrip().startswith(("{", "["))
        and not opens_as_log(value[0])
        and any(map(_is_sentence, value))
    )


def _is_sentence(text: str) -> bool:
    return not SENTENCE_MARKS.isdisjoint(text) or len(text.split()) >= WORDS


def _is_pairs(value: object) -> bool:
    sides = _sides(value[0]) if isinstance(value, list) and value else None
    return sides is not None and all(isinstance(side, str) for side in sides)


TURN_LIST = Schema(
    name="turn_list",
    fields={"turns": ("conversations", "conversation", "data"), "system": SYSTEM},
    required={"turns": _is_turns},
    # Its values are none of a schema with roles; what says who speaks would tell more.
    precedence=44,
    convert=_turn_list,
    vague=frozenset(("data",)),
)

TURN_PAIRS = Schema(
    name="turn_pairs",
    fields={"turns": ("conversation", "conversations", "messages", "chat"), "system": SYSTEM},
    required={"turns": _is_pairs},
    # As with lists of texts.
    precedence=46,
    convert=_turn_pairs,
)
