"""Columns of Parquet files: the parts of them that are read, and what Arrow read as Polars columns with sound text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow
import pyarrow.compute

from sayso.manifests.errors import in_one_line
from sayso.stages.sources.schemas.columns.inner_fields import is_read_inside
from sayso.stages.sources.schemas.columns.values_as_text import MIDNIGHT, NO_FRACTION

# Of some broken files Polars does not say that they are, but panics.
POLARS_REFUSES = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
# A zone that Polars does not know it panics at.
_ZONES = (None, "UTC")
_LISTS = {
    pyarrow.types.is_list: pyarrow.list_,
    pyarrow.types.is_fixed_size_list: pyarrow.list_,
    pyarrow.types.is_large_list: pyarrow.large_list,
}
_BYTES = {
    pyarrow.types.is_binary: pyarrow.string(),
    pyarrow.types.is_binary_view: pyarrow.string(),
    pyarrow.types.is_fixed_size_binary: pyarrow.string(),
    pyarrow.types.is_large_binary: pyarrow.large_string(),
}


class UnusableColumn(ValueError):
    """Raised for a column that cannot be used as it lies in its file; the message names it."""


# Where the Hub keeps the bytes of a recording or a picture, in the column that it is in.
BYTES = ("bytes",)


class Leaf(NamedTuple):
    """A leaf of a file's columns: the column that it is of, and the fields of structs that lead to it."""

    column: str
    fields: tuple[str, ...]


def leaves(schema: pyarrow.Schema) -> list[Leaf]:
    """The leaves of a file's columns, in the order in which they are stored."""
    return [Leaf(field.name, fields) for field in schema for fields in _leaves(field.type)]


def _leaves(kind: pyarrow.DataType) -> Iterator[tuple[str, ...]]:
    if isinstance(kind, pyarrow.BaseExtensionType):
        yield from _leaves(kind.storage_type)
    elif pyarrow.types.is_map(kind):
        yield from (() for part in (kind.key_type, kind.item_type) for _ in _leaves(part))
    elif pyarrow.types.is_struct(kind):
        yield from ((field.name, *fields) for field in kind for fields in _leaves(field.type))
    elif pyarrow.types.is_nested(kind):
        yield from _leaves(kind.value_type)
    else:
        yield ()


def read_leaves(schema: pyarrow.Schema, columns: Collection[str]) -> list[int]:
    """The places of those leaves that hold what is read of these columns.

    Inside lists and structs these are the fields that a conversation or an instance is read from, so that what lies
    beside them is neither decoded nor checked. Raises UnusableColumn where two of the columns have one name.
    """
    for name, times in Counter(schema.names).items():
        if name in columns and times > 1:
            raise UnusableColumn(f"{times} columns have the name {name}; rename all but one")
    stored = list(enumerate(leaves(schema)))
    wanted: list[int] = []
    for column in columns:
        found = {place: leaf.fields for place, leaf in stored if leaf.column == column and leaf.fields != BYTES}
        wanted += [place for place, fields in found.items() if is_read_inside(fields)] or found
    return wanted


def is_known_to_polars(schema: pyarrow.Schema) -> bool:
    """Whether Polars opens a file with these columns: it refuses some, or panics, also at what nobody asks for."""
    return len(set(schema.names)) == len(schema.names) and all(_is_known(field.type) for field in schema)


def _is_known(kind: pyarrow.DataType) -> bool:
    if isinstance(kind, pyarrow.BaseExtensionType):
        return _is_known(kind.storage_type)
    if pyarrow.types.is_list_view(kind) or pyarrow.types.is_large_list_view(kind):
        return False
    if pyarrow.types.is_fixed_size_list(kind) and not kind.list_size:
        return False
    if pyarrow.types.is_timestamp(kind):
        return kind.tz in _ZONES
    return all(_is_known(kind.field(number).type) for number in range(kind.num_fields))


def hold_bytes(schema: pyarrow.Schema, columns: Collection[str]) -> bool:
    """Whether one of these columns holds recordings, which Polars would read with their rows."""
    return any(leaf.column in columns and leaf.fields == BYTES for leaf in leaves(schema))


def is_settled(dtype: pl.DataType) -> bool:
    """Whether a column as Polars reads it can stay so: no bytes, which may be text, no extension, and no dates.

    Polars ends the process at a date that no calendar has.
    """
    if isinstance(dtype, pl.Struct):
        return all(is_settled(inner.dtype) for inner in dtype.fields if isinstance(inner.dtype, pl.DataType))
    if isinstance(dtype, pl.List | pl.Array):
        return isinstance(dtype.inner, pl.DataType) and is_settled(dtype.inner)
    return not isinstance(dtype, pl.Binary | pl.BaseExtension | pl.Date | pl.Datetime)


def as_series(name: str, column: pyarrow.ChunkedArray) -> tuple[pl.Series, pl.Series]:
    """A column with bytes and dates as text and dictionaries spelt out, and which rows hold text that is not UTF-8.

    Those rows are null, and so are dates out of range. Raises UnusableColumn with the words of Arrow or Polars where
    the column cannot be used.
    """
    try:
        plain = _plain(column.type)
        if plain != column.type:
            # Unsafe, for text is checked below, row by row where it must be.
            written = pyarrow.compute.cast(column, options=pyarrow.compute.CastOptions.unsafe(plain))
            column = _in_range(written) if _is_date(column.type) else written
        bad = np.zeros(len(column), dtype=bool)
        for row in _undecodable(column, 0):
            bad[row] = True
        if bad.any():
            column = column.take(pyarrow.array(np.arange(len(column)), mask=bad))
        return pl.Series(name, pl.from_arrow(column)), pl.Series(bad)
    except (pyarrow.ArrowException, *POLARS_REFUSES) as error:
        raise UnusableColumn(f"the column {name} ({column.type}) cannot be used: {in_one_line(error)}") from error


def _in_range(dates: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    """Dates as Arrow writes them, without a midnight; null where that is not a date."""
    outside = pyarrow.compute.starts_with(dates, "<value out of range")
    days = pyarrow.compute.replace_substring_regex(dates, MIDNIGHT, "")
    whole = pyarrow.compute.replace_substring_regex(days, NO_FRACTION, r"\1\2")
    return pyarrow.compute.if_else(outside, None, whole)


def _is_date(kind: pyarrow.DataType) -> bool:
    return bool(pyarrow.types.is_date(kind) or pyarrow.types.is_timestamp(kind))


def _plain(kind: pyarrow.DataType) -> pyarrow.DataType:
    """A type with text in place of bytes, dates and numbers that Polars lacks; no dictionary, extension, odd list."""
    if isinstance(kind, pyarrow.BaseExtensionType):
        kind = kind.storage_type
    if pyarrow.types.is_dictionary(kind):
        kind = kind.value_type
    if _is_date(kind) or pyarrow.types.is_decimal256(kind):
        return pyarrow.string()
    if pyarrow.types.is_struct(kind):
        return pyarrow.struct([field.with_type(_plain(field.type)) for field in kind])
    for is_this_list, plain_list in _LISTS.items():
        if is_this_list(kind):
            return plain_list(kind.value_field.with_type(_plain(kind.value_type)))
    return next((text for is_these_bytes, text in _BYTES.items() if is_these_bytes(kind)), kind)


def _undecodable(column: pyarrow.ChunkedArray, first: int) -> Iterator[int]:
    """The rows, counted from `first`, that hold text which is not UTF-8. Raises ArrowInvalid at any other fault."""
    try:
        column.validate(full=True)
    except pyarrow.ArrowInvalid as error:
        if "UTF8" not in str(error):
            raise
        if len(column) == 1:
            yield first
            return
        # Taken, not sliced: a slice of lists is checked with all that lies beside it.
        half = len(column) // 2
        yield from _undecodable(column.take(pyarrow.array(range(half))), first)
        yield from _undecodable(column.take(pyarrow.array(range(half, len(column)))), first + half)
