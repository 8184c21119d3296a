"""Which turn of a conversation is said, and which turns after it are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import polars as pl

from sayso.stages.rows.turns import LATER_TURNS, as_later_turns
from sayso.stages.sources.schemas.conversations import END_OF_TEXT, Conversations, is_not_blank

TurnChoice = Literal["first", "last", "any"]

# A number in [0, 1) for each conversation, made when it is asked for.
TurnDraws = Callable[[], pl.Series]


def undrawn() -> pl.Series:
    """The draws of who makes none. Raises ValueError: the choice of any turn needs them."""
    raise ValueError("to take any turn of a conversation, a number must be drawn for it")


def choose_turn(conversations: Conversations, choice: TurnChoice, draws: TurnDraws) -> pl.DataFrame:
    """`prompt` and `answer` of one turn of each conversation, null where there is none.

    A turn is a user's message and the first of the assistant's that says something after it and before the user speaks
    again; calls to tools and their results in between are passed over. `first` is the first message of the user,
    answered or not. `last` and `any` choose among the turns in which both say something, and fall back on the first.
    """
    table, asked = _count_turns(conversations)
    chosen = _with_answers(asked.filter(pl.col("row") != pl.col("row").shift(1, fill_value=-1)), table)
    if choice != "first":
        whole = _with_answers(asked, table).filter(is_not_blank("prompt") & is_not_blank("answer"))
        among = whole.filter(_CHOSEN[choice](draws))
        chosen = pl.concat([among, chosen.join(among, on="row", how="anti")])
    rows = pl.DataFrame({"row": pl.int_range(conversations.height, eager=True)})
    return rows.join(chosen, on="row", how="left", maintain_order="left").select("prompt", "answer")


def turns_after_first(conversations: Conversations, most: int) -> pl.Series:
    """`later_turns`: up to `most` turns after the first of each conversation, nothing spoken, null where there is none.

    In each of them both say something; the first that is otherwise ends them, as what comes after it was said by who
    knew it.
    """
    if most == 0:
        return pl.Series("later_turns", [None], LATER_TURNS).new_from_index(0, conversations.height)
    table, asked = _count_turns(conversations)
    following = asked.filter(pl.int_range(pl.len()).over("row").is_between(1, most))
    every = _with_answers(following, table).with_columns(pl.col("answer").str.replace(END_OF_TEXT, ""))
    whole = is_not_blank("prompt") & is_not_blank("answer")
    unbroken = every.filter((~whole).cum_sum().over("row") == 0)
    return as_later_turns(unbroken.with_columns(spoken=pl.lit(None, pl.String)), conversations.height)


def _count_turns(conversations: Conversations) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The messages with how often a user has spoken by then (`asked`), and the users' messages alone."""
    table = conversations.table.with_columns(asked=(pl.col("role") == "user").cum_sum())
    return table, table.filter(pl.col("role") == "user").select("row", "asked", prompt="content")


def _with_answers(asked: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """`row`, `prompt` and `answer` (null where there is none) of some users' messages, by their number in the table."""
    answers = (
        table.filter((pl.col("role") == "assistant") & is_not_blank("content"))
        .join(asked, on=["row", "asked"], how="semi", maintain_order="left")
        .filter(pl.col("asked") != pl.col("asked").shift(1, fill_value=0))
        .select("asked", answer="content")
    )
    return asked.join(answers, on="asked", how="left", maintain_order="left").drop("asked")


def _last(draws: TurnDraws) -> pl.Expr:
    return pl.col("row") != pl.col("row").shift(-1, fill_value=-1)


def _any(draws: TurnDraws) -> pl.Expr:
    drawn = pl.lit(draws()).gather(pl.col("row"))
    place, count = pl.int_range(pl.len()).over("row"), pl.len().over("row")
    return place == (drawn * count).floor()


_CHOSEN: dict[TurnChoice, Callable[[TurnDraws], pl.Expr]] = {"last": _last, "any": _any}
