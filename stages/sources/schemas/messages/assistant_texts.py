"""What an assistant says in a conversation: neither calls to tools nor reasoning."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.messages.conversations import Conversations
from sayso.stages.sources.schemas.messages.reasoning import ONLY_REASONING, REASONING_MARK, cut_reasoning
from sayso.stages.sources.schemas.messages.tool_calls import (
    ASKED_TO_BEGIN,
    CALL_MARK,
    are_calls,
    are_results,
    final_answers,
    may_be_calls,
)

# Why there is no answer: it would be a call to a tool, or those who made the set keep it back.
TOOL_CALL = "tool_call"
KEPT_BACK = "kept_back"
# What a text has that is not all said, unless it is a call without a mark.
_MARK = f"{REASONING_MARK}|{CALL_MARK}"


def answers_alone(texts: pl.Series) -> pl.DataFrame:
    """Answers → `said` without reasoning, `reasoning` (its characters), and `withheld`: why a text is no answer.

    `finished`: whether what is said was an argument of a call that ends the conversation.
    """
    none = {"reasoning": pl.lit(0, pl.Int64), "withheld": pl.lit(None, pl.String), "finished": pl.lit(False)}
    rows = texts.to_frame("said").with_columns(**none)
    places = (texts.str.contains(_MARK).fill_null(False) | may_be_calls(texts)).arg_true()
    if places.is_empty():
        return rows
    found = _told(texts[places])
    return rows.with_columns(rows[name].scatter(places, found[name]) for name in rows.columns)


def _told(texts: pl.Series) -> pl.DataFrame:
    cut = cut_reasoning(texts).with_columns(finished=pl.lit(False))
    places = are_calls(cut["said"]).arg_true()
    if places.is_empty():
        return cut
    answers = final_answers(cut["said"][places])
    withheld = pl.select(pl.when(pl.lit(answers).is_null()).then(pl.lit(TOOL_CALL))).to_series()
    return cut.with_columns(
        withheld=cut["withheld"].scatter(places, withheld),
        said=cut["said"].scatter(places, answers),
        finished=cut["finished"].scatter(places, answers.is_not_null()),
    )


def told_apart(conversations: Conversations) -> tuple[Conversations, Conversations]:
    """Conversations with calls to tools, and what these gave, as messages of tools; and the same without reasoning.

    In the first, all contents are as found; in the second, those of the assistant are what it says to the user.
    """
    table = conversations.table
    spoken, asked = ((table["role"] == role).arg_true() for role in ("assistant", "user"))
    said = answers_alone(table["content"][spoken])
    tools = pl.concat([spoken.filter(_is_call(said)), asked.filter(are_results(table["content"][asked]))])
    if not tools.is_empty():
        table = table.with_columns(table["role"].scatter(tools, "tool"))
    found = Conversations(table, conversations.faults, conversations.height)
    cut = (said["reasoning"] > 0) | said["withheld"].is_not_null() | said["finished"]
    if not cut.any() and not (table["reasoning"] > 0).any():
        return found, found
    places, said = spoken.filter(cut), said.filter(cut)
    heard = table.with_columns(
        table["content"].scatter(places, said["said"]),
        table["reasoning"].scatter(places, table["reasoning"][places] + said["reasoning"]),
        withheld=table["withheld"].scatter(
            places, table["withheld"][places].zip_with(table["withheld"][places].is_not_null(), said["withheld"])
        ),
    )
    if said["finished"].any():
        ended = places.filter(said["finished"])
        heard = heard.with_columns(_without_asking_to_begin(table["row"][ended]))
    alone = (pl.col("role") == "assistant") & (pl.col("reasoning") > 0) & ~pl.col("content").str.contains(r"\S")
    heard = heard.with_columns(withheld=pl.coalesce("withheld", pl.when(alone).then(pl.lit(ONLY_REASONING))))
    return found, Conversations(heard, conversations.faults, conversations.height)


def _without_asking_to_begin(rows: pl.Series) -> pl.Expr:
    """The contents, what users say in these conversations without the line by which they ask a machine to begin."""
    asked = (pl.col("role") == "user") & pl.col("row").is_in(rows.implode())
    return (
        pl.when(asked)
        .then(pl.col("content").str.replace(ASKED_TO_BEGIN, "").str.strip_chars())
        .otherwise("content")
        .alias("content")
    )


def _is_call(said: pl.DataFrame) -> pl.Series:
    return (said["withheld"] == TOOL_CALL).fill_null(False)


def reasoning_characters(conversations: Conversations) -> pl.Series:
    """The characters of reasoning in each conversation's messages, and beside them."""
    counted = conversations.table.filter(pl.col("reasoning") > 0).group_by("row").agg(pl.col("reasoning").sum())
    none = pl.repeat(0, conversations.height, dtype=pl.Int64, eager=True).alias("reasoning_characters")
    return none.scatter(counted["row"], counted["reasoning"])
