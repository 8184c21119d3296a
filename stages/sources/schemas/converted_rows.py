"""Texts and conversations as rows: messages, prompt, answer and later turns, or the reason why a row has none."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.assistant_texts import answers_alone, reasoning_characters, told_apart
from sayso.stages.sources.schemas.messages.conversations import FAULTS, Conversations, as_messages, from_messages
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message
from sayso.stages.sources.schemas.messages.own_marks import without_own_marks
from sayso.stages.sources.schemas.messages.system_prompts import (
    has_system_prompt,
    system_texts,
    with_system_prompt,
    without_system_prompt,
)
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws, choose_turn, turns_after_first
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.whole_rows import with_reasons


def rows_of_fields(fields: Fields, prompt: str, answer: str, options: ReadingOptions) -> pl.DataFrame:
    """Rows whose prompt is the text of one field and whose answer is that of another; `system` may lead them."""
    texts = fields.texts(prompt, answer, "system").rename({prompt: "prompt", answer: "answer"})
    return rows_of_texts(texts, fields.absent(), (prompt, answer), options)


def rows_of_texts(
    texts: pl.DataFrame, absent: pl.Series, fields: tuple[str, str], options: ReadingOptions
) -> pl.DataFrame:
    """Rows of one turn from `prompt`, `answer`, `system` and `fault`.

    `attached`, where it is there, says of a row why its input is none to say, and `unanswered` why its answer is empty.
    `fields`: where prompt and answer are
    from. `absent`: which rows have no field at all.
    """
    messages = (
        texts.select(user="prompt", assistant="answer")
        .with_row_index("row")
        .cast({"row": pl.Int64})
        .unpivot(index="row", variable_name="role", value_name="content")
        .sort("row", maintain_order=True)
    )
    conversations = Conversations(messages, pl.DataFrame(schema=FAULTS), texts.height)
    answers = answers_alone(texts["answer"])
    known = [texts["unanswered"]] if "unanswered" in texts.columns else []
    texts = texts.with_columns(
        answer=answers["said"],
        unanswered=pl.coalesce(answers["withheld"], *known),
        reasoning_characters=answers["reasoning"],
    )
    rows = _with_messages(texts, with_system_prompt(conversations, texts["system"]), options)
    rows = rows.with_columns(pl.lit(None, LATER_TURNS).alias("later_turns"))
    prompt, answer = (f"`{field}` is empty" for field in fields)
    return with_reasons(rows, absent, "wrong_type", prompt, answer)


def rows_of_values(
    fields: Fields,
    names: tuple[str, ...],
    read: Callable[..., list[Message]],
    options: ReadingOptions,
    draws: TurnDraws,
) -> pl.DataFrame:
    """Rows of the turns of the conversations that `read` takes from a row's values of these fields, and the roles.

    A BadMessages that it raises is the fault of its row.
    """
    roles = options.known_roles

    def conversation(values: tuple[object, ...]) -> list[Message] | BadMessages:
        try:
            return read(*values, roles)
        except BadMessages as error:
            return error

    values = zip(*(fields.values(name).to_list() for name in names), strict=True)
    return rows_of_conversations(from_messages(map(conversation, values)), fields, options, draws)


def rows_of_conversations(
    conversations: Conversations,
    fields: Fields,
    options: ReadingOptions,
    draws: TurnDraws,
    attached: pl.Series | None = None,
) -> pl.DataFrame:
    """Rows of the turns of conversations, one for each; a field `system` may lead them.

    `attached`, where it is given, says of a row why something that belongs to it is none to say.
    """
    system = system_texts(fields)
    conversations, heard = told_apart(without_own_marks(conversations))
    chosen = choose_turn(heard, options.turn, draws)
    rows = _with_messages(chosen, with_system_prompt(conversations, system["system"]), options)
    rows = rows.with_columns(turns_after_first(heard, options.later_turns), reasoning_characters(heard))
    rows = rows.with_row_index("row").cast({"row": pl.Int64})
    rows = rows.join(conversations.faults, on="row", how="left", maintain_order="left")
    rows = rows.with_columns(
        fault=pl.coalesce("fault", system["fault"]),
        attached=pl.lit(None, pl.String) if attached is None else attached,
    )
    unasked = "the conversation has no user message that says something"
    unanswered = "no assistant message answers the user's first"
    return with_reasons(rows, fields.absent(), "bad_messages", unasked, unanswered)


def _with_messages(rows: pl.DataFrame, conversations: Conversations, options: ReadingOptions) -> pl.DataFrame:
    """The rows with their conversations as `messages`; `system` says why the source wants none of a row."""
    if options.system == "drop_row":
        detail = pl.when(has_system_prompt(conversations)).then(pl.lit("its system prompt says something"))
        return rows.with_columns(as_messages(conversations), system=detail)
    wanted = without_system_prompt(conversations) if options.system == "drop_text" else conversations
    return rows.with_columns(as_messages(wanted), system=pl.lit(None, pl.String))
