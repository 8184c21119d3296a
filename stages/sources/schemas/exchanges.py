"""Which exchanges of a conversation are said, and what becomes of system prompts and attached inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.stages.rows.turns import LATER_TURNS, as_later_turns
from sayso.stages.sources.limits import USUAL
from sayso.stages.sources.schemas.conversations import END_OF_TEXT, NON_BLANK, Turns

Turn = Literal["first", "last", "any"]
System = Literal["keep", "drop_text", "drop_row"]

# A number in [0, 1) for each conversation, made when it is asked for.
Draws = Callable[[], pl.Series]


class Reading(BaseModel):
    """What a source's rows are read for; `Source` has the same fields, or its limits have, and explains them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turn: Turn = "first"
    system: System = "keep"
    max_input_characters: int | None = None
    text_bytes: int = USUAL.text_bytes
    later: int = Field(0, ge=0, description="exchanges after the first one that are kept at most")
    seed: int = Field(0, description="seed of the draws that choose a turn; 0 where none is drawn")


AS_FOUND = Reading()


def undrawn() -> pl.Series:
    """The draws of who makes none. Raises ValueError: a reading of any turn needs them."""
    raise ValueError("to take any turn of a conversation, a number must be drawn for it")


def exchange(turns: Turns, turn: Turn, draws: Draws) -> pl.DataFrame:
    """`prompt` and `answer` of each conversation, null where there is none.

    An exchange is a user turn and the first assistant turn that says something after it and before the user speaks
    again; calls to tools and their results in between are passed over. `first` is the first user turn, answered or
    not. `last` and `any` choose among the exchanges in which both say something, and fall back on the first turn.
    """
    table, asked = _numbered(turns)
    spoken = _answered(asked.filter(_opens_row()), table)
    if turn != "first":
        whole = _answered(asked, table).filter(is_not_blank("prompt") & is_not_blank("answer"))
        chosen = whole.filter(_CHOSEN[turn](draws))
        spoken = pl.concat([chosen, spoken.join(chosen, on="row", how="anti")])
    rows = pl.DataFrame({"row": pl.int_range(turns.height, eager=True)})
    return rows.join(spoken, on="row", how="left", maintain_order="left").select("prompt", "answer")


def later(turns: Turns, most: int) -> pl.Series:
    """Up to `most` turns after the first of each conversation (`LATER_TURNS`, nothing spoken), null where none is.

    In each of them both say something; the first that is otherwise ends them, as what comes after it was said by who
    knew it.
    """
    if most == 0:
        return pl.Series("later_turns", [None], LATER_TURNS).new_from_index(0, turns.height)
    table, asked = _numbered(turns)
    following = asked.filter(pl.int_range(pl.len()).over("row").is_between(1, most))
    every = _answered(following, table).with_columns(pl.col("answer").str.replace(END_OF_TEXT, ""))
    whole = is_not_blank("prompt") & is_not_blank("answer")
    unbroken = every.filter((~whole).cum_sum().over("row") == 0)
    return as_later_turns(unbroken.with_columns(spoken=pl.lit(None, pl.String)), turns.height)


def _numbered(turns: Turns) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The turns with how often a user has spoken by then (`asked`), and the users' turns alone."""
    table = turns.table.with_columns(asked=(pl.col("role") == "user").cum_sum())
    return table, table.filter(pl.col("role") == "user").select("row", "asked", prompt="content")


def _answered(asked: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """`row`, `prompt` and `answer` (null where there is none) of some user turns, by their number in the table."""
    answers = (
        table.filter((pl.col("role") == "assistant") & is_not_blank("content"))
        .join(asked, on=["row", "asked"], how="semi", maintain_order="left")
        .filter(pl.col("asked") != pl.col("asked").shift(1, fill_value=0))
        .select("asked", answer="content")
    )
    return asked.join(answers, on="asked", how="left", maintain_order="left").drop("asked")


def _last(draws: Draws) -> pl.Expr:
    return pl.col("row") != pl.col("row").shift(-1, fill_value=-1)


def _any(draws: Draws) -> pl.Expr:
    drawn = pl.lit(draws()).gather(pl.col("row"))
    place, count = pl.int_range(pl.len()).over("row"), pl.len().over("row")
    return place == (drawn * count).floor()


_CHOSEN: dict[Turn, Callable[[Draws], pl.Expr]] = {"last": _last, "any": _any}


def has_system_prompt(turns: Turns) -> pl.Series:
    """Whether each conversation has a system turn that says something."""
    rows = turns.table.filter((pl.col("role") == "system") & is_not_blank("content"))["row"].unique()
    return pl.int_range(turns.height, eager=True).is_in(rows.implode())


def without_system(turns: Turns) -> Turns:
    """The conversations without their system turns."""
    return Turns(turns.table.filter(pl.col("role") != "system"), turns.faults, turns.height)


def is_not_blank(column: str) -> pl.Expr:
    return pl.col(column).str.contains(NON_BLANK).fill_null(False)


def _opens_row() -> pl.Expr:
    return pl.col("row") != pl.col("row").shift(1, fill_value=-1)
