"""Reasoning before an answer, as models write it out: which part of a text it is, and what is left without it."""

from __future__ import annotations

import re

import polars as pl

ONLY_REASONING = "only_reasoning"
UNFINISHED = "unfinished_reasoning"

_TAGS = (
    *("think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "inner_monologue"),
    "seed:think",
)
# What stands before and behind reasoning. Models of OpenAI call the channel that they reason in "analysis".
_MARKS = (
    *((f"<{tag}>", f"</{tag}>") for tag in _TAGS),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
)
_OPEN, _CLOSE = ("|".join(map(re.escape, marks)) for marks in zip(*_MARKS, strict=True))
_BLOCK = "|".join(f"{re.escape(opens)}.*?{re.escape(closes)}" for opens, closes in _MARKS)
_OPENS, _CLOSES = f"(?i)(?:{_OPEN})", f"(?i)(?:{_CLOSE})"
# What every text with reasoning has.
REASONING_MARK = f"(?i:{_OPEN}|{_CLOSE})"
_AT_START = rf"(?is)\A(?:\s*(?:{_BLOCK}))+\s*"
_OPENS_AT_START = rf"(?i)\A\s*(?:{_OPEN})"
# To the last mark behind reasoning, which in quotes would be one that is talked about.
_WITHOUT_OPENING = rf"(?is)\A(?:.*[^`'\"])?(?:{_CLOSE})([^`'\"]|\z)"
_ON_ITS_LINE = rf"(?ims)^[ \t]*(?:{_BLOCK})\s*"
# What some put around the answer behind their reasoning.
_ANSWER = r"(?is)\A\s*<(?:answer|output|response|solution)>\s*(.*?)\s*</(?:answer|output|response|solution)>\s*\z"
_SOLUTION = r"(?s)\A\s*<\|begin_of_solution\|>\s*(.*?)\s*(?:<\|end_of_solution\|>\s*)?\z"


def cut_reasoning(texts: pl.Series) -> pl.DataFrame:
    """Texts of an assistant → `said` without their reasoning, its characters (`reasoning`), and `withheld`.

    `withheld` is why a text is no answer: it is reasoning alone, or its reasoning never ends.
    """
    said = pl.DataFrame({"said": texts.alias("said")})
    none = {"reasoning": pl.lit(0, pl.Int64), "withheld": pl.lit(None, pl.String)}
    places = texts.str.contains(REASONING_MARK).fill_null(False).arg_true()
    if places.is_empty():
        return said.with_columns(**none)
    found = _cut(texts[places])
    rows = said.with_columns(**none)
    return rows.with_columns(rows[name].scatter(places, found[name]) for name in rows.columns)


def _cut(texts: pl.Series) -> pl.DataFrame:
    text, left = pl.col("text"), pl.col("left")
    opens, closes = left.str.contains(_OPENS), left.str.contains(_CLOSES)
    # Reasoning between parts of an answer is told from a mark that is talked about by standing on a line of its own.
    inside = opens & closes & ~left.str.contains("```", literal=True)
    return (
        pl.DataFrame({"text": texts})
        .with_columns(left=text.str.replace(_AT_START, ""))
        .with_columns(
            left=pl.when(closes & ~opens)
            .then(left.str.replace(_WITHOUT_OPENING, "${1}").str.strip_chars_start())
            .when(inside)
            .then(left.str.replace(_ON_ITS_LINE, ""))
            .otherwise(left)
        )
        .with_columns(reasoning=(text.str.len_chars().cast(pl.Int64) - left.str.len_chars().cast(pl.Int64)))
        .with_columns(
            said=pl.when(pl.col("reasoning") > 0)
            .then(left.str.replace(_ANSWER, "${1}").str.replace(_SOLUTION, "${1}"))
            .otherwise(text)
        )
        .select(
            "said",
            "reasoning",
            withheld=pl.when(left.str.contains(_OPENS_AT_START))
            .then(pl.lit(UNFINISHED))
            .when((pl.col("reasoning") > 0) & ~pl.col("said").str.contains(r"\S"))
            .then(pl.lit(ONLY_REASONING)),
        )
    )
