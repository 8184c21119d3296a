"""Rows of a Parquet file by their place in it, of which only the row groups and columns in question are read."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import lru_cache

import polars as pl
import pyarrow
import pyarrow.parquet

from stages.checked_bytes import unchanged_meanwhile
from stages.files import File, open_bytes
from stages.parquet_columns import (
    POLARS_REFUSES,
    UnusableColumn,
    as_series,
    is_known_to_polars,
    is_settled,
    leaves,
    read_leaves,
)
from stages.stores import UnreadableFile, open_remote

# Enough for the first page of a column: a sample must not read a whole row group.
SAMPLE_BUFFER = 1 << 18
# After a footer come its length and four letters.
FOOTER_END = 8


def rows_at(
    file: File, places: Sequence[tuple[int, int]], columns: Collection[str]
) -> list[tuple[int, dict[str, object]]]:
    """Some rows (how many come before, and how many): number, and those of the columns that the file has.

    Where rows cannot be reached without their row group, the first ones of the groups stand for them. A column that
    cannot be read is null in all of them: only who reads the rows needs it.
    """
    present = [name for name in _schema(file).names if name in columns]
    if present and _is_for_polars(file):
        with suppress(*POLARS_REFUSES, OSError), _held(file, places, present):
            parts = [(start, _as_polars_reads(file, start, rows, present)) for start, rows in places]
            if all(is_settled(dtype) for _, part in parts for dtype in part.dtypes):
                return [(number, row) for start, part in parts for number, row in enumerate(part.to_dicts(), start + 1)]
    footer = _footer(file)
    heights = [footer.row_group(group).num_rows for group in range(footer.num_row_groups)]
    groups = _groups_of(file, places)
    most = sum(rows for _, rows in places) // max(1, len(groups))
    cells = {}
    for name in present:
        try:
            cells[name] = _first_cells(file, groups, most, name)
        except UnreadableFile:
            cells[name] = []
    numbers = [sum(heights[:group]) + row for group in groups for row in range(1, min(most, heights[group]) + 1)]
    rows = [{name: found[place] if found else None for name, found in cells.items()} for place in range(len(numbers))]
    return list(zip(numbers, rows, strict=True))


def check_readable(file: File, places: Sequence[tuple[int, int]], columns: Collection[str]) -> None:
    """Raise UnreadableFile where one of these columns cannot be read in the row groups of these rows."""
    groups = _groups_of(file, places)
    for name in columns:
        _first_cells(file, groups, 1, name)


def _first_cells(file: File, groups: Sequence[int], rows: int, column: str) -> list[object]:
    """The first so many cells of a column in each of the row groups."""
    cells: list[object] = []
    with _opened(file, metadata=_footer(file), buffer_size=SAMPLE_BUFFER, pre_buffer=False) as source:
        paths = _paths(file, source, [column])
        for group in groups:
            try:
                batch = next(source.iter_batches(batch_size=rows, row_groups=[group], columns=paths), None)
            except (pyarrow.ArrowException, OSError) as error:
                raise _unread(file, [column], error) from error
            if batch is None:
                raise _unread(file, [column], "a row group is empty that has rows by the footer")
            cells += _sound(file, pyarrow.Table.from_batches([batch]))[0][column].to_list()
    return cells


def row_group_sizes(file: File, columns: Collection[str]) -> list[tuple[int, int]]:
    """Rows of each row group, and the bytes of these columns in memory, from the footer."""
    footer = _footer(file)
    sizes = [
        sum(chunk.total_uncompressed_size for chunk in _chunks(file, number, columns))
        for number in range(footer.num_row_groups)
    ]
    return [(footer.row_group(number).num_rows, size) for number, size in enumerate(sizes)]


def _chunks(file: File, number: int, columns: Collection[str]) -> list[pyarrow.parquet.ColumnChunkMetaData]:
    """All that a row group has of these columns."""
    group = _footer(file).row_group(number)
    return [group.column(place) for place, leaf in enumerate(leaves(_schema(file))) if leaf.column in columns]


def layout(file: File) -> str:
    """The names and types of the columns; files of one layout need be looked at once."""
    return str(_schema(file).remove_metadata())


def column_types(file: File) -> dict[str, str]:
    """The columns of a file, each with its type in Arrow's words."""
    return {field.name: str(field.type) for field in _schema(file)}


@lru_cache(maxsize=1)
def _footer(file: File) -> pyarrow.parquet.FileMetaData:
    """The footer of a file, kept while one looks at it from several sides."""
    with _opened(file) as source:
        return source.metadata


@lru_cache(maxsize=1)
def _schema(file: File) -> pyarrow.Schema:
    try:
        return _footer(file).schema.to_arrow_schema()
    except (pyarrow.ArrowException, NotImplementedError) as error:
        raise _broken(file, error) from error


def parquet_rows(file: File, start: int, rows: int, columns: Collection[str]) -> tuple[pl.DataFrame, pl.Series]:
    """`rows` rows from the one after `start` on, with those of the columns that the file has; and what is bad in them.

    That is a text for each row, null where it is whole, that names the columns with bytes that are not UTF-8. Of nested
    columns only what a conversation is read from is sure to be there. Raises UnreadableFile where the file is broken or
    one of the columns cannot be used.
    """
    if _is_for_polars(file):
        try:
            with _held(file, [(start, rows)], columns):
                found = _as_polars_reads(file, start, rows, columns)
        except (*POLARS_REFUSES, OSError):
            # Polars refuses the whole of a file in which any text is not UTF-8, and some types that Arrow knows.
            return _from_row_groups(file, start, rows, columns)
        if all(is_settled(dtype) for dtype in found.dtypes):
            return found, pl.Series([None], dtype=pl.String).new_from_index(0, found.height)
    return _from_row_groups(file, start, rows, columns)


def _held(file: File, places: Sequence[tuple[int, int]], columns: Collection[str]) -> AbstractContextManager[None]:
    """What is read of these rows by the path is what was surveyed, where the file has been."""
    if not file.checks:
        return nullcontext()
    return unchanged_meanwhile(file.path, file.size, file.checks, _ranges(file, places, columns))


def _ranges(file: File, places: Sequence[tuple[int, int]], columns: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the footer lies and these columns of the row groups that hold these rows: first byte, and how many."""
    footer = _footer(file)
    yield file.size - footer.serialized_size - FOOTER_END, footer.serialized_size + FOOTER_END
    for number in _groups_of(file, places):
        for chunk in _chunks(file, number, columns):
            yield chunk.dictionary_page_offset or chunk.data_page_offset, chunk.total_compressed_size


def _groups_of(file: File, places: Sequence[tuple[int, int]]) -> list[int]:
    """The row groups that hold these rows, in order."""
    return sorted({group for start, rows in places for group in _groups(_footer(file), start, rows)[0]})


def _groups(footer: pyarrow.parquet.FileMetaData, start: int, rows: int) -> tuple[list[int], int]:
    """Which row groups hold these rows, and how many rows come before the first of them."""
    wanted, before, passed = [], 0, 0
    for number in range(footer.num_row_groups):
        height = footer.row_group(number).num_rows
        if before + height <= start:
            passed += height
        elif before < start + rows:
            wanted.append(number)
        before += height
    return wanted, passed


def _is_for_polars(file: File) -> bool:
    return file.compression == "none" and not file.is_remote and is_known_to_polars(_schema(file))


def _as_polars_reads(file: File, start: int, rows: int, columns: Collection[str]) -> pl.DataFrame:
    present = [name for name in _schema(file).names if name in columns]
    frame = pl.scan_parquet(file.path, glob=False, hive_partitioning=False)
    return frame.select(present).slice(start, rows).collect()


def _from_row_groups(file: File, start: int, rows: int, columns: Collection[str]) -> tuple[pl.DataFrame, pl.Series]:
    with _opened(file, metadata=_footer(file), pre_buffer=True) as source:
        wanted, passed = _groups(source.metadata, start, rows)
        table = _table(file, source, wanted, columns)
    return _sound(file, table.slice(start - passed, rows))


def _table(
    file: File, source: pyarrow.parquet.ParquetFile, groups: list[int], columns: Collection[str]
) -> pyarrow.Table:
    """Whole row groups of these columns. Raises UnreadableFile that names the column where one cannot be read."""
    try:
        return source.read_row_groups(groups, columns=_paths(file, source, columns))
    except (pyarrow.ArrowException, OSError) as error:
        if len(columns) > 1:
            for column in columns:
                _table(file, source, groups, [column])
        raise _unread(file, columns, error) from error


def _unread(file: File, columns: Collection[str], error: object) -> UnreadableFile:
    return _broken(file, f"the column {', '.join(columns)} cannot be read, {error}")


def _paths(file: File, source: pyarrow.parquet.ParquetFile, columns: Collection[str]) -> list[str]:
    try:
        wanted = read_leaves(source.schema_arrow, columns)
    except UnusableColumn as error:
        raise UnreadableFile(f"{file.path}: {error}, or leave the file out") from error
    return [source.schema.column(place).path for place in wanted]


def _sound(file: File, table: pyarrow.Table) -> tuple[pl.DataFrame, pl.Series]:
    """A table as Polars has it, and what is bad in its rows."""
    try:
        read = [as_series(name, table.column(name)) for name in table.column_names]
    except UnusableColumn as error:
        raise UnreadableFile(f"{file.path}: {error}; write it in another type, or leave the file out") from error
    bad = {series.name: undecodable for series, undecodable in read if undecodable.any()}
    faults: list[str | None] = [None] * table.num_rows
    for row in sorted({row for undecodable in bad.values() for row in undecodable.arg_true()}):
        names = [name for name, undecodable in bad.items() if undecodable[row]]
        faults[row] = f"bytes that are not UTF-8 in {', '.join(names)}"
    return pl.DataFrame([series for series, _ in read]), pl.Series(faults, dtype=pl.String)


@contextmanager
def _opened(file: File, **options: object) -> Iterator[pyarrow.parquet.ParquetFile]:
    try:
        if file.compression != "none":
            with open_bytes(file) as stream:
                yield pyarrow.parquet.ParquetFile(io.BytesIO(stream.read()), **options)
        elif file.is_remote:
            yield pyarrow.parquet.ParquetFile(open_remote(file.path, file.size), **options)
        else:
            with open_bytes(file) as stream, pyarrow.parquet.ParquetFile(stream, **options) as source:
                yield source
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise _broken(file, error) from error


def _broken(file: File, error: object) -> UnreadableFile:
    said = " ".join(str(error).split())
    return UnreadableFile(f"{file.path}: not a whole Parquet file ({said}); fetch or write it again, or leave it out")
