"""Messages whose content begins with the mark of their own turn, as a template wrote it."""

from __future__ import annotations

from sayso.stages.sources.schemas.messages.chat_logs import marked_messages, may_be_marked
from sayso.stages.sources.schemas.messages.conversations import Conversations
from sayso.stages.sources.schemas.messages.messages import BadMessages


def without_own_marks(conversations: Conversations) -> Conversations:
    """The conversations with contents that are one turn of a log, of the very role, as that turn says them."""
    table = conversations.table
    found = may_be_marked(table["content"]).arg_true()
    told = {place: said for place in found if (said := _own(*table.select("role", "content").row(place))) is not None}
    if not told:
        return conversations
    table = table.with_columns(table["content"].scatter(list(told), list(told.values())))
    return Conversations(table, conversations.faults, conversations.height)


def _own(role: str | None, content: str) -> str | None:
    try:
        marked = marked_messages(content)
    except BadMessages:
        return None
    return marked[0].content if marked and len(marked) == 1 and marked[0].role == role else None
