"""The columns of rows by the fields of their schema, as they were found and as text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import reduce

import polars as pl

# Types of columns beside numbers that have one way to be written.
_WRITTEN = (pl.Null, pl.Categorical, pl.Enum, pl.Date, pl.Time, pl.Datetime)


class Fields:
    """Rows as found, asked by field: `columns` has the columns that a field may be in, the first that holds any counts.

    `required`: the fields that a row needs.
    """

    def __init__(self, columns: Mapping[str, Collection[str]], required: Collection[str], rows: pl.DataFrame) -> None:
        self._columns, self._required, self._rows = columns, required, rows
        self.height = rows.height

    def values(self, field: str) -> pl.Series:
        """A field's values: of its columns the first that holds any, or row by row where several do; else null.

        In a row in which a column is empty, the next one counts.
        """
        rows = self._rows
        there = [name for name in self._columns.get(field, ()) if name in rows.columns]
        used = [name for name in there if rows[name].null_count() < rows.height]
        if len(used) < 2:
            return rows[used[0]] if used else pl.repeat(None, rows.height, dtype=pl.String, eager=True)
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
    well = pl.repeat(None, values.len(), dtype=pl.String, eager=True)
    if values.dtype == pl.String:
        return values, well
    if values.dtype == pl.Object:
        found = values.to_list()
        texts = [value if isinstance(value, str) else str(value) if _is_number(value) else None for value in found]
        faults = [
            f"`{field}` is a {type(value).__name__}, not text" if text is None and value is not None else None
            for value, text in zip(found, texts, strict=True)
        ]
        return pl.Series(texts, dtype=pl.String), pl.Series(faults, dtype=pl.String)
    if values.dtype.is_numeric() or isinstance(values.dtype, _WRITTEN):
        return values.cast(pl.String), well
    fault = pl.when(values.is_not_null()).then(pl.lit(f"`{field}` is a {values.dtype}, not text"))
    return well, pl.select(fault).to_series()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
