"""A conversation whose last reply is kept apart from what it replies to, each as messages, a message, text or a log."""

from __future__ import annotations

import re
from typing import TypeGuard

from sayso.stages.sources.schemas.messages.chat_logs import log_messages, log_with_reply, marked_messages
from sayso.stages.sources.schemas.messages.message_lists import as_one_list
from sayso.stages.sources.schemas.messages.messages import CONTENT_KEYS, ROLE_KEYS, Message, messages_of
from sayso.stages.sources.schemas.messages.roles import Role, Roles

# A rating, or the number of a reply, and no reply.
_NUMBER = re.compile(r"\s*[-+]?[0-9]+(?:[.,][0-9]+)?\s*")


def with_reply(context: object, reply: object, roles: Roles) -> list[Message]:
    """Context and reply as one conversation; a reply in which a user speaks is a whole one without its context.

    Raises BadMessages where one of them is none of these.
    """
    if isinstance(reply, str):
        log = log_messages(reply, roles)
        if log is None and isinstance(context, str):
            log = log_with_reply(context, reply, roles)
        if log:
            return log
        marked = marked_messages(reply, roles)
        if marked and marked[0].role == "assistant":
            return _side(context, "user", roles) + marked
    replied = _side(reply, "assistant", roles)
    return replied if any(message.role == "user" for message in replied) else _side(context, "user", roles) + replied


def is_side(value: object) -> bool:
    """Whether a value is one side of a conversation, and no number, no numbers and no object of another kind."""
    if isinstance(value, str):
        return _NUMBER.fullmatch(value) is None
    first = value[0] if isinstance(value, list) and value else value
    return value == [] or (
        isinstance(first, dict)
        and any(key in first for key in ROLE_KEYS)
        and any(key in first for key in (*CONTENT_KEYS, "tool_calls"))
    )


def is_text_side(value: object) -> TypeGuard[str]:
    """Whether a side is a bare text, and no conversation as JSON."""
    return isinstance(value, str) and not value.lstrip().startswith(("[{", "[ {"))


def _side(value: object, role: Role, roles: Roles) -> list[Message]:
    """A list of messages, one message, or the bare text of one by `role`."""
    if is_text_side(value):
        return [Message(role, value)]
    value = as_one_list(value)
    return messages_of([value] if isinstance(value, dict) else value, roles)
