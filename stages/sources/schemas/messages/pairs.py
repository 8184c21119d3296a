"""A prompt and its answer as rows: by themselves, after a history, or taken apart where one of them is a log."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.columns.empty_values import are_nothing
from sayso.stages.sources.schemas.converted_rows import rows_of_conversations, rows_of_texts
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.conversations import from_messages
from sayso.stages.sources.schemas.messages.earlier_turns import earlier_messages
from sayso.stages.sources.schemas.messages.logged_pairs import logged_messages, may_be_logged
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions


def rows_of_pairs(
    fields: Fields, texts: pl.DataFrame, names: tuple[str, str], options: ReadingOptions, draws: TurnDraws
) -> pl.DataFrame:
    """As `rows_of_texts`; a row is a conversation where the field `history` says something, or where it is a log.

    `asked`, where the texts have it, is the prompt without what stands beside it.
    """
    rows = rows_of_texts(texts, fields.absent(), names, options)
    history, asked = fields.values("history"), texts["asked" if "asked" in texts.columns else "prompt"]
    likely = (~are_nothing(history) | may_be_logged(asked, texts["answer"])).arg_true()
    if likely.is_empty():
        return rows
    ended = texts[likely]
    pairs = zip(
        likely,
        history[likely].to_list(),
        asked[likely],
        *(ended[name] for name in ("prompt", "answer", "fault")),
        strict=True,
    )
    roles = options.known_roles
    talks = {
        place: talk
        for place, before, alone, prompt, answer, fault in pairs
        if (talk := _conversation(before, alone, prompt, answer, fault, roles)) is not None
    }
    if not talks:
        return rows
    places = pl.Series("row", list(talks), dtype=pl.UInt32)
    own = texts[places]
    read = rows_of_conversations(
        from_messages(talks.values()),
        Fields({name: (name,) for name in own.columns}, ("prompt", "answer"), own),
        options,
        lambda: draws()[places],
        own["attached"] if "attached" in own.columns else None,
    )
    placed = pl.concat([rows.with_row_index("row"), read.with_columns(places)], how="diagonal")
    return placed.unique("row", keep="last").sort("row").drop("row")


def _conversation(
    history: object, asked: str | None, prompt: str | None, answer: str | None, fault: str | None, roles: Roles
) -> list[Message] | BadMessages | None:
    """The messages of a pair after its history, None for a pair that has none and is no log, or has a fault."""
    if fault:
        return None
    try:
        earlier = earlier_messages(history, roles)
    except BadMessages as error:
        return BadMessages(f"`history`: {error}")
    try:
        logged = logged_messages(asked or "", prompt or "", answer or "", roles)
    except BadMessages as error:
        return error
    if logged is None and not earlier:
        return None
    return [*earlier, *(logged or (Message("user", prompt or ""), Message("assistant", answer or "")))]
