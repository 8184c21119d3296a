"""The columns of rows by the fields of their schema, as they were found and as text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import reduce
from typing import TypeGuard

import polars as pl

from sayso.stages.sources.schemas.columns.empty_values import LONGEST_MISSING, MISSING, are_nothing, is_nothing
from sayso.stages.sources.schemas.columns.values_as_text import column_as_text, number_as_text

_NULL = pl.Series([None], dtype=pl.String)


class Fields:
    """Rows as found, asked by field: `columns` has the columns that a field may be in, the first that holds any counts.

    `required`: the fields that a row needs.
    """

    def __init__(self, columns: Mapping[str, Collection[str]], required: Collection[str], rows: pl.DataFrame) -> None:
        self._columns, self._required, self._rows = columns, required, rows
        self.height = rows.height
        nulls = zip(rows.columns, rows.null_count().row(0), strict=True) if rows.height else ()
        self._filled = {name for name, count in nulls if count < rows.height}

    def taken(self, which: pl.Series) -> Fields:
        """The same fields of some of the rows, by number."""
        return Fields(self._columns, self._required, self._rows[which])

    def used(self, field: str) -> list[str]:
        """The columns that a field may be in which hold any value."""
        return [name for name in self._columns.get(field, ()) if name in self._filled]

    def values(self, field: str) -> pl.Series:
        """A field's values: of its columns the first that holds any, or row by row where several do; else null.

        In a row in which a column is empty, the next one counts.
        """
        rows, used = self._rows, self.used(field)
        if len(used) < 2:
            return rows[used[0]] if used else _nulls(rows.height)
        values = zip(*(rows[name].to_list() for name in used), strict=True)
        found = [min(each, key=lambda value: (is_empty(value), value is None)) for each in values]
        return pl.Series(found, dtype=pl.Object)

    def texts(self, *fields: str) -> pl.DataFrame:
        """Those fields as text, and `fault` for a row in which one of them is neither text nor a number."""
        found = [(field, *_as_text(field, self.values(field))) for field in fields]
        texts = [text.alias(field) for field, text, _ in found]
        faults = [fault.alias(f"fault of {field}") for field, _, fault in found]
        return pl.DataFrame([*texts, *faults]).select(*fields, fault=pl.coalesce(fault.name for fault in faults))

    def absent(self) -> pl.Series:
        """Which rows have none of the required fields."""
        absent = [self.values(field).is_null() for field in self._required]
        return reduce(lambda one, other: one & other, absent)


def is_empty(value: object) -> bool:
    """Whether a value says nothing: null, a blank text, or a list or object of nothing."""
    return value is None or (not value.strip() if isinstance(value, str) else value in ([], {}))


def _as_text(field: str, values: pl.Series) -> tuple[pl.Series, pl.Series]:
    well = _nulls(values.len())
    if values.null_count() == values.len():
        return well, well
    if values.dtype == pl.String:
        return _without_missing(values), well
    if values.dtype == pl.Object:
        found = values.to_list()
        texts = [
            value if isinstance(value, str) else number_as_text(value) if _is_number(value) else None for value in found
        ]
        faults = [
            f"`{field}` is a {type(value).__name__}, not text" if text is None and not is_nothing(value) else None
            for value, text in zip(found, texts, strict=True)
        ]
        return _without_missing(pl.Series(texts, dtype=pl.String)), pl.Series(faults, dtype=pl.String)
    written = column_as_text(values)
    if written is not None:
        return written, well
    fault = pl.when(~are_nothing(values)).then(pl.lit(f"`{field}` is a {values.dtype}, not text"))
    return well, pl.select(fault).to_series()


def _nulls(height: int) -> pl.Series:
    """A column of texts without any; `pl.repeat` takes ten times as long."""
    return _NULL.new_from_index(0, height)


def _without_missing(texts: pl.Series) -> pl.Series:
    """Texts, null where a program wrote a word for a value that is missing."""
    short = texts.str.len_bytes() <= LONGEST_MISSING
    missing = short & texts.is_in(MISSING) if short.any() else short
    return texts.set(missing, None) if missing.any() else texts


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
