"""What stands beside the role and the content of a message: calls to tools, reasoning, and marks for trainers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl
from polars.datatypes import DataTypeClass

# What trainers read beside a message, and some of it beside a whole row: 0, less than that (which some take for the
# opposite of learning) or false says that nobody is to learn it.
TRAINING_KEYS = (
    *("weight", "loss_weight", "loss_scale", "train", "training", "trainable"),
    *("loss", "output_with_loss"),
)
# How a text says no, and how a number does that is written as text.
NO = r"(?i)^\s*(?:false|no|0{1,20}(?:\.0{0,20})?|-[0-9.]{1,20})\s*$"
_no = re.compile(NO)
CALL_KEYS = ("tool_calls", "function_call")
REASONING_KEYS = ("reasoning_content", "reasoning", "thinking")
BESIDE = frozenset((*TRAINING_KEYS, *CALL_KEYS, *REASONING_KEYS))
# How a text says that no tool is called.
_NO_CALL = ("", "null", "None", "[]", "{}")

FieldType = pl.DataType | DataTypeClass


def any_of(said: Iterable[pl.Expr]) -> pl.Expr:
    """Whether one of these says so; null says nothing."""
    return pl.any_horizontal(pl.lit(False), *said).fill_null(False)


def calls_tools(key: str, dtype: FieldType) -> pl.Expr:
    """Whether a message calls tools in this field; the fields of a struct that calls none may all be null."""
    if isinstance(dtype, pl.List):
        return pl.col(key).list.len() > 0
    if isinstance(dtype, pl.Struct):
        return any_of(pl.col(key).struct.field(field.name).is_not_null() for field in dtype.fields)
    return ~pl.col(key).str.strip_chars().is_in(_NO_CALL) if dtype == pl.String else pl.lit(False)


def says_no(key: str, dtype: FieldType) -> pl.Expr:
    """What says no in this column, as in "`weight` is 0", null where it does not: false, 0 and less, also as text."""
    value = pl.col(key)
    if dtype == pl.Boolean:
        said = ~value
    elif dtype.is_numeric():
        said = value <= 0
    elif dtype == pl.String:
        said, value = value.str.contains(NO), value.str.strip_chars()
    else:
        return pl.lit(None, pl.String)
    return pl.when(said).then(pl.format("`{}` is {}", pl.lit(key), value))


def value_says_no(key: str, value: object) -> str | None:
    """As `says_no`, for one value of parsed JSON."""
    if isinstance(value, str):
        said = _no.search(value) is not None
    elif isinstance(value, bool):
        said = not value
    else:
        said = isinstance(value, int | float) and value <= 0
    return f"`{key}` is {str(value).strip() if isinstance(value, str) else str(value).lower()}" if said else None


def excluded_by(fields: Mapping[str, object]) -> str | None:
    """What of a message's fields says that nobody is to learn it, as in "`weight` is 0"; None where none does."""
    return next((said for key in TRAINING_KEYS if (said := value_says_no(key, fields.get(key)))), None)


def characters(keys: Iterable[str]) -> pl.Expr:
    """The characters of the first of these columns that has any."""
    lengths = [pl.col(key).str.len_chars().cast(pl.Int64) for key in keys]
    return pl.coalesce(*(pl.when(length > 0).then(length) for length in lengths), pl.lit(0, pl.Int64))


def is_call(value: object) -> bool:
    """Whether a value of one of `CALL_KEYS` calls a tool."""
    if isinstance(value, str):
        return value.strip() not in _NO_CALL
    if isinstance(value, dict):
        return any(found is not None for found in value.values())
    return isinstance(value, list) and bool(value)
