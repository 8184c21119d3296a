"""Columns of Parquet that belong to what is asked: texts as they are, of pictures only whether any is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import polars as pl
import pyarrow
import pyarrow.compute
import pyarrow.parquet

from sayso.stages.sources.files import File
from sayso.stages.sources.formats.json_values import Broken
from sayso.stages.sources.formats.parquet_columns import leaves
from sayso.stages.sources.formats.parquet_footer import footer_of, open_parquet, row_groups_with, schema_of
from sayso.stages.sources.formats.parquet_rows import parquet_rows, rows_at
from sayso.stages.sources.schemas.columns.attached_columns import attached_columns, is_media

BATCH_ROWS = 256


def rows_and_attached(file: File, start: int, rows: int, columns: Collection[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """As `parquet_rows`, with the attached columns that the file has beside; of media whether each row has any."""
    found, faults = parquet_rows(file, start, rows, (*columns, *attached_texts(file, columns)))
    return found.with_columns(media_in(file, start, rows, columns)), faults


def rows_and_attached_at(
    file: File, places: Sequence[tuple[int, int]], columns: Collection[str]
) -> list[tuple[int, dict[str, object] | Broken]]:
    """As `rows_at`, with the attached columns as `rows_and_attached` has them."""
    found = rows_at(file, places, (*columns, *attached_texts(file, columns)))
    if not _stored_media(file, columns):
        return found
    first, last = min(number for number, _ in found), max(number for number, _ in found)
    media = pl.DataFrame(media_in(file, first - 1, last - first + 1, columns))
    return [
        (number, row if isinstance(row, Broken) else {**row, **media.row(number - first, named=True)})
        for number, row in found
    ]


def attached_texts(file: File, read: Collection[str]) -> list[str]:
    """The attached columns beside those that are read which are texts, or small enough to be read as they are."""
    media = _stored_media(file, read)
    return [name for name in attached_columns(dict.fromkeys(schema_of(file).names), read) if name not in media]


def media_in(file: File, start: int, rows: int, read: Collection[str]) -> list[pl.Series]:
    """For each column of stored media that is not read, whether each row has any: what it is is never unpacked."""
    groups, passed = row_groups_with(footer_of(file), start, rows)
    with open_parquet(file, metadata=footer_of(file)) as source:
        return [
            pl.Series(name, np.concatenate([*_has_any(source, leaf, groups), np.zeros(0, bool)]))[
                start - passed : start - passed + rows
            ]
            for name, leaf in _stored_media(file, read).items()
        ]


def _stored_media(file: File, read: Collection[str]) -> dict[str, int]:
    """The columns of media that lie in the file as bytes, each with the leaf that tells most cheaply who has any."""
    stored = footer_of(file).schema
    smallest: dict[str, int] = {}
    names = {name for name in attached_columns(dict.fromkeys(schema_of(file).names), read) if is_media(name)}
    places = [(leaf.column, place) for place, leaf in enumerate(leaves(schema_of(file))) if leaf.column in names]
    with_bytes = {name for name, place in places if _is_bytes(stored.column(place))}
    for name, place in sorted(places, key=lambda each: _is_bytes(stored.column(each[1]))):
        if name in with_bytes:
            smallest.setdefault(name, place)
    return smallest


def _is_bytes(column: pyarrow.parquet.ColumnSchema) -> bool:
    return column.physical_type in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY") and column.logical_type.type == "NONE"


def _has_any(source: pyarrow.parquet.ParquetFile, leaf: int, groups: list[int]) -> Iterator[np.ndarray]:
    path = source.schema.column(leaf).path
    for group in groups:
        chunk = source.metadata.row_group(group)
        told = chunk.column(leaf).statistics
        if "." not in path and told is not None and told.has_null_count and told.null_count in (0, chunk.num_rows):
            yield np.full(chunk.num_rows, told.null_count == 0)
            continue
        for batch in source.iter_batches(BATCH_ROWS, row_groups=[group], columns=[path]):
            yield _is_there(batch.column(0)).to_numpy(zero_copy_only=False)


def _is_there(values: pyarrow.Array) -> pyarrow.Array:
    if pyarrow.types.is_list(values.type) or pyarrow.types.is_large_list(values.type):
        return pyarrow.compute.fill_null(pyarrow.compute.greater(pyarrow.compute.list_value_length(values), 0), False)
    return values.is_valid()
