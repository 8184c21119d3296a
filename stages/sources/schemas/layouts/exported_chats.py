"""Conversations as people export them from the services where they had them: ChatGPT and Claude."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_values
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message, messages_of
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import Schema

# The contents of a message that were said; all others belong to tools or to the thinking of the model.
SAID = ("text", "multimodal_text")


def _chatgpt(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("nodes", "last"), _of_nodes, options, draws)


def _claude(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("messages",), _of_claude, options, draws)


def _of_nodes(nodes: object, last: object, roles: Roles) -> list[Message]:
    """The messages on the way from the root to the last node shown; other ways are answers that were asked for again.

    An export that does not say which node that is has the way by the last child of each.
    """
    if not isinstance(nodes, dict):
        raise BadMessages(f"an object of nodes was expected, not {type(nodes).__name__}")
    way: list[dict[str, object]] = []
    place = last if isinstance(last, str) else _end(nodes)
    # A way in a circle would be longer than there are nodes.
    while isinstance(node := nodes.get(place), dict) and len(way) <= len(nodes):
        way.append(node)
        place = node.get("parent")
    messages = [_object(node.get("message")) for node in reversed(way)]
    shown = enumerate(filter(_is_shown, messages), start=1)
    return messages_of([_chatgpt_message(message, number) for number, message in shown], roles)


def _end(nodes: dict[str, object]) -> object:
    place = next((name for name, node in nodes.items() if isinstance(node, dict) and not node.get("parent")), None)
    for _ in nodes:
        node = nodes.get(place) if isinstance(place, str) else None
        children = node.get("children") if isinstance(node, dict) else None
        if not (isinstance(children, list) and children):
            break
        place = children[-1]
    return place


def _is_shown(message: dict[str, object]) -> bool:
    """Whether it is a message, was there for the user to see, and is taken for one that was said."""
    is_hidden = _object(message.get("metadata")).get("is_visually_hidden_from_conversation")
    return bool(message) and message.get("weight") != 0 and not is_hidden


def _chatgpt_message(message: dict[str, object], number: int) -> dict[str, object]:
    role, content = _object(message.get("author")).get("role"), _object(message.get("content"))
    if role == "user" and _object(message.get("metadata")).get("attachments"):
        raise BadMessages(f"message {number}: its attachments cannot be said")
    said = content.get("content_type") in SAID and message.get("recipient") in (None, "all")
    if role == "assistant" and not said:
        role = "tool"
    parts = content.get("parts") if said else []
    return {"role": role, "content": [_part(part) for part in parts] if isinstance(parts, list) else parts}


def _part(part: object) -> object:
    """A part as one of a message: what is no text, and no transcript of what was spoken, has the type of what it is."""
    if not isinstance(part, dict) or part.get("content_type") == "audio_transcription":
        return part
    return {"type": part.get("content_type")}


def _of_claude(value: object, roles: Roles) -> list[Message]:
    if not isinstance(value, list):
        raise BadMessages(f"a list of messages was expected, not {type(value).__name__}")
    messages: list[object] = []
    for number, message in enumerate(map(_object, value), start=1):
        if message.get("attachments") or message.get("files"):
            raise BadMessages(f"message {number}: its attachments cannot be said")
        messages.append({"role": message.get("sender"), "content": message.get("content") or message.get("text")})
    return messages_of(messages, roles)


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _is_nodes(value: object) -> bool:
    first = next(iter(value.values()), None) if isinstance(value, dict) else None
    return isinstance(first, dict) and "message" in first and "children" in first


def _is_claude(value: object) -> bool:
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, dict) and "sender" in first and ("text" in first or "content" in first)


# Only these exports have such columns.
CHATGPT_EXPORT = Schema(
    name="chatgpt_export",
    fields={"nodes": ("mapping",), "last": ("current_node",)},
    required={"nodes": _is_nodes},
    precedence=68,
    convert=_chatgpt,
)

CLAUDE_EXPORT = Schema(
    name="claude_export",
    fields={"messages": ("chat_messages",)},
    required={"messages": _is_claude},
    precedence=66,
    convert=_claude,
)
