"""Values that say nothing: what is blank, and what people and programs write where there is nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Collection

import polars as pl

_BY_PROGRAMS = r"""nan|<na>|null|nil|none|undefined|\[\s*\]|\{\s*\}|['"`]{2,6}|[-–—.]+"""
_GIVEN = r"(?:required|needed|necessary|provided|given|available|specified)"
_BY_PEOPLE = (
    rf"no\s?(?:(?:additional|further)\s+)?(?:input|context)s?(?:\s+(?:(?:is|was)\s+)?{_GIVEN})?|none\s+{_GIVEN}"
    rf"|not\s+(?:applicable|{_GIVEN})|n\.?\s?/?\s?a\.?"
)
# The whole of an input, or of another text beside what is asked, that says that there is none.
NOTHING = (
    rf"(?i)^\s*(?:(?:{_BY_PROGRAMS}|{_BY_PEOPLE})[.!]?|[<(\[]\s*(?:none|null|nan|{_BY_PEOPLE})[.!]?\s*[>)\]])?\s*$"
)
# A prompt or an answer may well be "None" or "-"; these are what a program writes for a value that is missing.
MISSING = ("nan", "NaN", "NAN", "null", "NULL", "<NA>")
LONGEST_MISSING = max(map(len, MISSING))
_nothing = re.compile(NOTHING)


def says_something(column: str) -> pl.Expr:
    """Whether a column of texts beside what is asked says something in each row; null says nothing."""
    return ~pl.col(column).str.contains(NOTHING).fill_null(True)


def is_nothing(value: object) -> bool:
    """Whether a value beside what is asked says nothing, as a blank text, "nan" and an empty list of blank texts do."""
    if isinstance(value, str):
        return _nothing.match(value.strip()) is not None
    if isinstance(value, dict):
        return all(map(is_nothing, value.values()))
    if isinstance(value, pl.Series | Collection) and not isinstance(value, bytes | bytearray):
        return all(map(is_nothing, value))
    return value is None or value is False or value == b"" or (isinstance(value, float) and math.isnan(value))


def are_nothing(values: pl.Series) -> pl.Series:
    """Which values of a column of any type say nothing."""
    if values.dtype == pl.String:
        return values.to_frame("text").select(~says_something("text")).to_series()
    if values.dtype.is_nested() or values.dtype == pl.Object:
        return pl.Series(map(is_nothing, values.to_list()), dtype=pl.Boolean)
    if values.dtype == pl.Boolean:
        return ~values.fill_null(False)
    return values.is_null()
