"""Conversations as the interfaces of model providers take them: Gemini, Cohere and LangChain."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_values
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message, messages_of
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema

# What LangChain calls a message, or the class of one that it wrote as a constructor, as roles.
LANGCHAIN_ROLES = {
    **dict.fromkeys(("human", "HumanMessage", "HumanMessageChunk"), "user"),
    **dict.fromkeys(("ai", "AIMessage", "AIMessageChunk"), "assistant"),
    **dict.fromkeys(("system", "SystemMessage", "developer"), "system"),
    **dict.fromkeys(("tool", "ToolMessage", "function", "FunctionMessage"), "tool"),
}
COHERE_ROLES = {"user": "user", "chatbot": "assistant", "system": "system", "tool": "tool"}
CALLS = ("functionCall", "functionResponse", "function_call", "function_response")


def _gemini(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("contents",), _of_contents, options, draws)


def _cohere(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("chat_history", "message", "reply"), _of_chat_history, options, draws)


def _langchain(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return rows_of_values(fields, ("messages",), _of_langchain, options, draws)


def _of_contents(value: object, roles: Roles) -> list[Message]:
    """A content is its role, the user's if it names none, and parts; one with calls of functions is a tool's."""
    messages = []
    for number, content in enumerate(_listed(value), start=1):
        parts = content.get("parts")
        if not isinstance(parts, list):
            raise BadMessages(f"content {number} has no list of parts")
        said = [part for part in parts if not (isinstance(part, dict) and part.get("thought"))]
        role = "tool" if any(_is_call(part) for part in said) else content.get("role") or "user"
        messages.append({"role": role, "content": [_text_part(part) for part in said]})
    return messages_of(messages, roles)


def _is_call(part: object) -> bool:
    return isinstance(part, dict) and any(part.get(key) is not None for key in CALLS)


def _text_part(part: object) -> object:
    """A part as one of a message: what holds something else than text is of the type of that."""
    if not isinstance(part, dict) or isinstance(part.get("text"), str):
        return part
    return {"type": next((key for key, value in part.items() if value is not None), "empty")}


def _of_chat_history(history: object, message: object, reply: object, roles: Roles) -> list[Message]:
    """What was said before, then the message and the reply, where the row has them."""
    messages: list[object] = []
    for number, turn in enumerate(_listed(history or []), start=1):
        role = turn.get("role")
        known = COHERE_ROLES.get(role.lower()) if isinstance(role, str) else None
        if known is None:
            raise BadMessages(f"message {number}: the role {str(role)[:30]!r} is not known")
        messages.append({"role": known, "content": turn.get("message")})
    now = (("user", message), ("assistant", reply))
    return messages_of([*messages, *({"role": role, "content": text} for role, text in now if text is not None)])


def _of_langchain(value: object, roles: Roles) -> list[Message]:
    messages: list[object] = []
    for number, message in enumerate(_listed(value), start=1):
        kind, held = _kind_and_fields(message)
        role = LANGCHAIN_ROLES.get(kind) or held.get("role")
        if role is None:
            raise BadMessages(f"message {number}: the type {kind[:30]!r} is not known")
        messages.append({**held, "role": role})
    return messages_of(messages, roles)


def _kind_and_fields(message: dict[str, object]) -> tuple[str, dict[str, object]]:
    """The kind of a message, and what holds its content: itself, its `data`, or the arguments of its constructor."""
    path = message.get("id")
    if message.get("type") == "constructor" and isinstance(path, list) and path:
        return str(path[-1]), _object(message.get("kwargs"))
    data = message.get("data")
    return str(message.get("type")), data if isinstance(data, dict) else message


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise BadMessages(f"a list of messages was expected, not {type(value).__name__}")
    for number, each in enumerate(value, start=1):
        if not isinstance(each, dict):
            raise BadMessages(f"message {number} is a {type(each).__name__}, not an object")
    return value


def _first(value: object) -> dict[str, object]:
    return _object(value[0]) if isinstance(value, list) and value else {}


def _is_contents(value: object) -> bool:
    return isinstance(_first(value).get("parts"), list)


def _is_chat_history(value: object) -> bool:
    first = _first(value)
    return isinstance(first.get("message"), str) and str(first.get("role")).lower() in COHERE_ROLES


def _is_langchain(value: object) -> bool:
    first = _first(value)
    if not first or "role" in first or "from" in first:
        return False
    kind, held = _kind_and_fields(first)
    return kind in LANGCHAIN_ROLES and "content" in held


# The columns or messages of each are in no other schema.
GEMINI = Schema(
    name="gemini",
    fields={"contents": ("contents",), "system": ("systemInstruction", "system_instruction", *SYSTEM)},
    required={"contents": _is_contents},
    precedence=58,
    convert=_gemini,
)

COHERE = Schema(
    name="cohere",
    fields={
        "chat_history": ("chat_history",),
        "message": ("message",),
        "reply": ("text", "response"),
        "system": ("preamble", *SYSTEM),
    },
    required={"chat_history": _is_chat_history},
    precedence=56,
    convert=_cohere,
)

LANGCHAIN = Schema(
    name="langchain",
    fields={"messages": ("messages", "conversation", "conversations", "history"), "system": SYSTEM},
    required={"messages": _is_langchain},
    precedence=54,
    convert=_langchain,
)
