"""What stands beside the role and the content of a message: calls to tools, reasoning, and marks for trainers."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from polars.datatypes import DataTypeClass

# What trainers read beside a message: 0 or false says that nobody is to learn it.
TRAINING_KEYS = ("weight", "loss_weight", "train", "loss")
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


def is_excluded(key: str, dtype: FieldType) -> pl.Expr:
    """Whether a message has 0 or false in this field."""
    if dtype == pl.Boolean:
        return ~pl.col(key)
    return pl.col(key) == 0 if dtype.is_numeric() else pl.lit(False)


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
