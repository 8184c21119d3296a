"""The chats of MOSS: an object that has one for each turn, in which each speaker's text stands in marks of its own."""

from __future__ import annotations

import re

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_values
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema

# What a turn holds, in the order in which it came about; inner thoughts, which nobody hears, are left out.
_SPEAKERS = {"Human": "user", "Commands": "tool", "Tool Responses": "tool", "MOSS": "assistant"}
_TURN = re.compile(r"turn_([0-9]{1,6})")
_MARK = re.compile(r"\s*<\|[A-Z][A-Za-z ]{1,20}\|>:\s*")
_ENDS = ("<eoh>", "<eot>", "<eoc>", "<eor>", "<eom>")


def _moss(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("chat",), _messages, options, draws)


def _messages(chat: object, roles: Roles) -> list[Message]:
    if not isinstance(chat, dict):
        raise BadMessages(f"an object of turns was expected, not {type(chat).__name__}")
    numbered = {int(found[1]): turn for name, turn in chat.items() if (found := _TURN.fullmatch(name)) and turn}
    messages: list[Message] = []
    for number, turn in sorted(numbered.items()):
        if not isinstance(turn, dict):
            raise BadMessages(f"turn {number} is a {type(turn).__name__}, not an object")
        said = {name: _text(turn.get(name), number) for name in _SPEAKERS}
        used = (name for name, role in _SPEAKERS.items() if role != "tool" or _is_used(said[name]))
        messages += [Message(_SPEAKERS[name], said[name]) for name in used]
    return messages


def _text(value: object, number: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadMessages(f"turn {number}: a {type(value).__name__} is no text")
    mark = _MARK.match(value)
    text = (value[mark.end() :] if mark else value).rstrip()
    return next((text.removesuffix(end) for end in _ENDS if text.endswith(end)), text).strip()


def _is_used(text: str) -> bool:
    return text not in ("", "None")


def _is_chat(value: object) -> bool:
    first = value.get("turn_1") if isinstance(value, dict) else None
    return isinstance(first, dict) and isinstance(first.get("Human"), str) and isinstance(first.get("MOSS"), str)


MOSS = Schema(
    name="moss",
    fields={"chat": ("chat",), "system": ("meta_instruction", *SYSTEM)},
    required={"chat": _is_chat},
    # Nothing else has such a column.
    precedence=47,
    convert=_moss,
)
