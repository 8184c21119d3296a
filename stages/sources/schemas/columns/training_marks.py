"""Rows that nobody is to learn: a mark beside the rest of the row says so, as trainers read it there."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.columns.column_names import plain_name
from sayso.stages.sources.schemas.columns.marked_rows import false_alone, first_no, with_reason
from sayso.stages.sources.schemas.messages.fields_beside import TRAINING_KEYS
from sayso.stages.sources.schemas.messages.messages import EXCLUDED

# The field of every schema with the columns that it is read from.
TRAINING = {"training": TRAINING_KEYS}
# Where the loss of a whole row is a number, somebody measured it.
_MEASURED = "loss"


def mark_excluded(converted: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """Converted rows; those that nobody is to learn, as one of their marks says, have the reason for it."""
    said = first_no(pl.DataFrame([false_alone(mark) if plain_name(mark.name) == _MEASURED else mark for mark in marks]))
    if said is None:
        return converted
    return with_reason(converted, EXCLUDED, "the row is marked as one that nobody is to learn: " + said)
