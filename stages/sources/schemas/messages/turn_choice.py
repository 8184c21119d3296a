"""Which turn of a conversation is said, and which turns after it are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import polars as pl

from sayso.stages.rows.turns import LATER_TURNS, as_later_turns
from sayso.stages.sources.schemas.columns.text_edges import is_not_blank
from sayso.stages.sources.schemas.messages.assistant_texts import TOOL_CALL
from sayso.stages.sources.schemas.messages.conversations import Conversations, without_end_of_text

TurnChoice = Literal["first", "last", "any"]

# A number in [0, 1) for each conversation, made when it is asked for.
TurnDraws = Callable[[], pl.Series]


def undrawn() -> pl.Series:
    """The draws of who makes none. Raises ValueError: the choice of any turn needs them."""
    raise ValueError("to take any turn of a conversation, a number must be drawn for it")


def choose_turn(conversations: Conversations, choice: TurnChoice, draws: TurnDraws) -> pl.DataFrame:
    """`prompt` and `answer` of one turn of each conversation, null where there is none, and why (`unanswered`).

    A turn is what a user says and what the assistant says after it, before the user speaks again; where tools are
    called in between, what it says after the last of them. Messages in a row of one of the two are joined by a blank
    line. `first` is the first that the user says, answered or not. `last` and `any` choose among the turns in which
    both say something, and fall back on the first. `unanswered` is the reason of a message that is withheld, or says
    that tools are all that answers.
    """
    table, asked = _count_turns(conversations)
    chosen = _with_answers(asked.filter(pl.col("row") != pl.col("row").shift(1, fill_value=-1)), table)
    if choice != "first":
        whole = _with_answers(asked, table).filter(is_not_blank("prompt") & is_not_blank("answer"))
        among = whole.filter(_CHOSEN[choice](draws))
        chosen = pl.concat([among, chosen.join(among, on="row", how="anti")])
    rows = pl.DataFrame({"row": pl.int_range(conversations.height, eager=True)})
    return rows.join(chosen, on="row", how="left", maintain_order="left").select("prompt", "answer", "unanswered")


def turns_after_first(conversations: Conversations, most: int) -> pl.Series:
    """`later_turns`: up to `most` turns after the first of each conversation, nothing spoken, null where there is none.

    In each of them both say something; the first that is otherwise ends them, as what comes after it was said by who
    knew it.
    """
    if most == 0:
        return pl.Series("later_turns", [None], LATER_TURNS).new_from_index(0, conversations.height)
    table, asked = _count_turns(conversations)
    following = asked.filter(pl.int_range(pl.len()).over("row").is_between(1, most))
    every = _with_answers(following, table)
    every = every.with_columns(without_end_of_text(every["answer"]))
    whole = is_not_blank("prompt") & is_not_blank("answer")
    unbroken = every.filter((~whole).cum_sum().over("row") == 0)
    return as_later_turns(unbroken.with_columns(spoken=pl.lit(None, pl.String)), conversations.height)


def _count_turns(conversations: Conversations) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The messages with how often a user has spoken by then (`asked`), and what the users said each time."""
    is_users = pl.col("role") == "user"
    goes_on = (pl.col("role").shift(1) == "user") & (pl.col("row") == pl.col("row").shift(1))
    table = conversations.table.with_columns(asked=(is_users & ~goes_on.fill_null(False)).cum_sum())
    return table, _joined(table.filter(is_users)).rename({"content": "prompt"})


def _joined(messages: pl.DataFrame) -> pl.DataFrame:
    """Messages of one role as `row`, `asked` and `content`, those of one turn joined, in order.

    One that repeats the one before it was sent again, and counts once.
    """
    messages = messages.select("row", "asked", "content")
    is_one_of_many = messages["asked"].is_duplicated()
    if not is_one_of_many.any():
        return messages
    pieces = messages.filter(is_one_of_many)
    pieces = pieces.with_columns(without_end_of_text(pieces["content"]))
    is_new = (pl.col("content") != pl.col("content").shift(1)).fill_null(True) & is_not_blank("content")
    joined = pieces.group_by("row", "asked").agg(pl.col("content").filter(is_new).str.join("\n\n"))
    return pl.concat([messages.filter(~is_one_of_many), joined]).sort("asked")


def _with_answers(asked: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """`row`, `prompt`, `answer` and `unanswered` of some turns, by their number in the table."""
    turn = ["row", "asked"]
    is_tools = table["role"] == "tool"
    is_reply = pl.col("role") == "assistant"
    replies = table.filter(is_reply & _no_tools_follow(is_tools) if is_tools.any() else is_reply)
    replies = replies.join(asked, on=turn, how="semi", maintain_order="left")
    is_said = is_not_blank("content") & pl.col("withheld").is_null()
    found = asked.join(
        _joined(replies.filter(is_said)).rename({"content": "answer"}), on=turn, how="left", maintain_order="left"
    )
    if not found["answer"].null_count():
        return found.with_columns(unanswered=pl.lit(None, pl.String)).drop("asked")
    withheld = replies.filter(pl.col("withheld").is_not_null()).unique(turn, keep="first", maintain_order=True)
    called = table.filter(is_tools).select(turn).unique().with_columns(called=pl.lit(TOOL_CALL))
    return (
        found.join(withheld.select(*turn, "withheld"), on=turn, how="left", maintain_order="left")
        .join(called, on=turn, how="left", maintain_order="left")
        .with_columns(unanswered=pl.when(pl.col("answer").is_null()).then(pl.coalesce("withheld", "called")))
        .select("row", "prompt", "answer", "unanswered")
    )


def _no_tools_follow(is_tools: pl.Series) -> pl.Expr:
    """Whether no message of a tool comes after a message in its turn; the messages of a turn stand together."""
    begins = (pl.col("row") != pl.col("row").shift()) | (pl.col("asked") != pl.col("asked").shift())
    turn = begins.fill_null(True).cum_sum()
    return (pl.when(is_tools).then(turn).backward_fill() != turn).fill_null(True)


def _last(draws: TurnDraws) -> pl.Expr:
    return pl.col("row") != pl.col("row").shift(-1, fill_value=-1)


def _any(draws: TurnDraws) -> pl.Expr:
    drawn = pl.lit(draws()).gather(pl.col("row"))
    place, count = pl.int_range(pl.len()).over("row"), pl.len().over("row")
    return place == (drawn * count).floor()


_CHOSEN: dict[TurnChoice, Callable[[TurnDraws], pl.Expr]] = {"last": _last, "any": _any}
