"""Answers that people did not want: a label of the whole row says so, as sets for KTO have it, or a judgement on it."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.columns.marked_rows import false_alone, first_no, with_reason

# The fields of every schema with the columns that they are read from. A judgement is what people, or a program, found
# of an answer: whether it is safe, as in BeaverTails, or right, as in OpenMathInstruct-1.
LABEL = {"label": ("label", "kto_tag"), "judgement": ("is_safe", "is_response_safe", "is_correct")}
REJECTED = "rejected_answer"


def mark_rejected(converted: pl.DataFrame, labels: pl.DataFrame, judgements: pl.DataFrame) -> pl.DataFrame:
    """Converted rows; those with a label that is false, or a judgement that says no, have the reason for it.

    A label that is a number names a class; a judgement that is 0 says no.
    """
    said = first_no(pl.DataFrame([*map(false_alone, labels), *judgements]))
    if said is None:
        return converted
    return with_reason(converted, REJECTED, said + ": its answer is one that people did not want")
