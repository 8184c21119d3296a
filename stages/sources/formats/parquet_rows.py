"""Rows of a Parquet file by their place in it, of which only the row groups and columns in question are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress

import numpy as np
import polars as pl
import pyarrow
import pyarrow.parquet

from sayso.stages.sources.checked_bytes import unchanged_meanwhile
from sayso.stages.sources.files import File
from sayso.stages.sources.formats.json_values import Broken
from sayso.stages.sources.formats.parquet_columns import (
    POLARS_REFUSES,
    UnusableColumn,
    as_series,
    is_settled,
    read_leaves,
)
from sayso.stages.sources.formats.parquet_footer import (
    PLACE,
    column_chunks,
    footer_of,
    is_for_polars,
    open_parquet,
    ranges_of,
    row_groups_of,
    row_groups_with,
    schema_of,
    text_paths,
    unreadable_file,
)
from sayso.stages.sources.formats.parquet_row_sizes import Sizes, sizes_in_frame, sizes_in_table
from sayso.stages.sources.limits import beyond, large_row
from sayso.stages.sources.stores import UnreadableFile

# Enough for the first page of a column: a sample must not read a whole row group.
SAMPLE_BUFFER = 1 << 18


def rows_at(
    file: File, places: Sequence[tuple[int, int]], columns: Collection[str]
) -> list[tuple[int, dict[str, object] | Broken]]:
    """Some rows (how many come before, and how many): number, and those of the columns that the file has.

    Where rows cannot be reached without their row group, the first ones of the groups stand for them. A column that
    cannot be read is null in all of them: only who reads the rows needs it.
    """
    for start, height in places:
        _check_places(file, start, height, columns)
    present = [name for name in schema_of(file).names if name in columns]
    if present and is_for_polars(file, present):
        with suppress(*POLARS_REFUSES, OSError), _held(file, places, present):
            parts = [(start, _as_polars_reads(file, start, rows, present)) for start, rows in places]
            if all(is_settled(dtype) for _, part in parts for dtype in part.dtypes):
                return [row for start, part in parts for row in _whole_or_broken(file, start, part)]
    footer = footer_of(file)
    heights = [footer.row_group(group).num_rows for group in range(footer.num_row_groups)]
    groups = row_groups_of(file, places)
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


def _whole_or_broken(file: File, start: int, rows: pl.DataFrame) -> Iterator[tuple[int, dict[str, object] | Broken]]:
    kept, faults = _without_large(file, rows, sizes_in_frame(rows))
    both = zip(kept.to_dicts(), faults.iter_rows(), strict=True)
    for number, (row, (reason, detail)) in enumerate(both, start + 1):
        yield number, row if reason is None else Broken(reason, detail)


def check_readable(file: File, places: Sequence[tuple[int, int]], columns: Collection[str]) -> None:
    """Raise UnreadableFile where one of these columns cannot be read in the row groups of these rows."""
    groups = row_groups_of(file, places)
    for name in columns:
        _first_cells(file, groups, 1, name)


def _first_cells(file: File, groups: Sequence[int], rows: int, column: str) -> list[object]:
    """The first so many cells of a column in each of the row groups."""
    cells: list[object] = []
    options = {"buffer_size": SAMPLE_BUFFER, "pre_buffer": False, "read_dictionary": text_paths(file)}
    with open_parquet(file, metadata=footer_of(file), **options) as source:
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


def parquet_rows(file: File, start: int, rows: int, columns: Collection[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows` rows from the one after `start` on, with those of the columns that the file has; and what is bad in them.

    That is `reason` and `detail` of each row, null where it is whole: `row_too_large`, or `invalid_utf8` and which
    columns hold such bytes. Of nested columns only what a conversation is read from is sure to be there. Raises
    UnreadableFile where the file is broken, one of the columns cannot be used, or the rows take more than they may.
    """
    _check_places(file, start, rows, columns)
    if is_for_polars(file, columns):
        try:
            with _held(file, [(start, rows)], columns):
                found = _as_polars_reads(file, start, rows, columns)
        except (*POLARS_REFUSES, OSError):
            # Polars refuses the whole of a file in which any text is not UTF-8, and some types that Arrow knows.
            return _from_row_groups(file, start, rows, columns)
        if all(is_settled(dtype) for dtype in found.dtypes):
            sizes = sizes_in_frame(found)
            _check_together(file, sizes)
            return _without_large(file, found, sizes)
    return _from_row_groups(file, start, rows, columns)


def _without_large(file: File, rows: pl.DataFrame, sizes: Sizes) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows, null where they are too large, and what is bad in them."""
    faults = _too_large(file, sizes)
    large = faults["reason"].is_not_null()
    return (rows.with_columns(pl.when(~large).then(pl.all())) if large.any() else rows), faults


def _held(file: File, places: Sequence[tuple[int, int]], columns: Collection[str]) -> AbstractContextManager[None]:
    """What is read of these rows by the path is what was surveyed, where the file has been."""
    if not file.checks:
        return nullcontext()
    return unchanged_meanwhile(file.path, file.size, file.checks, ranges_of(file, places, columns))


def _as_polars_reads(file: File, start: int, rows: int, columns: Collection[str]) -> pl.DataFrame:
    present = [name for name in schema_of(file).names if name in columns]
    frame = pl.scan_parquet(file.path, glob=False, hive_partitioning=False)
    return frame.select(present).slice(start, rows).collect()


def _check_places(file: File, start: int, rows: int, columns: Collection[str]) -> None:
    """Raise UnreadableFile where row groups have more values than fit into memory, however few bytes they take."""
    most = file.limits.block_bytes
    for number in row_groups_with(footer_of(file), start, rows)[0]:
        if PLACE * sum(chunk.num_values for chunk in column_chunks(file, number, columns)) > most:
            raise beyond(file.path, f"the values of row group {number + 1} take", most, "block_bytes")


def _from_row_groups(file: File, start: int, rows: int, columns: Collection[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    # A text that many rows have in common is kept once until it is known how large they are.
    with open_parquet(file, metadata=footer_of(file), pre_buffer=True, read_dictionary=text_paths(file)) as source:
        wanted, passed = row_groups_with(source.metadata, start, rows)
        table = _table(file, source, wanted, columns).slice(start - passed, rows)
    _check_together(file, _sizes(file, table))
    return _sound(file, table)


def _table(
    file: File, source: pyarrow.parquet.ParquetFile, groups: list[int], columns: Collection[str]
) -> pyarrow.Table:
    """Whole row groups of these columns. Raises UnreadableFile that names the column where one cannot be read."""
    size = sum(chunk.total_uncompressed_size for number in groups for chunk in column_chunks(file, number, columns))
    if size > file.limits.block_bytes:
        raise beyond(file.path, "row groups that are read together have", file.limits.block_bytes, "block_bytes")
    try:
        paths = _paths(file, source, columns)
        # One by one, for Arrow gives no texts inside lists or structs as dictionaries that are of several row groups.
        parts = [source.read_row_group(number, columns=paths) for number in groups]
        return pyarrow.concat_tables(parts) if parts else source.read_row_groups([], columns=paths)
    except (pyarrow.ArrowException, OSError) as error:
        if len(columns) > 1:
            for column in columns:
                _table(file, source, groups, [column])
        raise _unread(file, columns, error) from error


def _unread(file: File, columns: Collection[str], error: object) -> UnreadableFile:
    return unreadable_file(file, f"the column {', '.join(columns)} cannot be read, {error}")


def _paths(file: File, source: pyarrow.parquet.ParquetFile, columns: Collection[str]) -> list[str]:
    try:
        wanted = read_leaves(source.schema_arrow, columns)
    except UnusableColumn as error:
        raise UnreadableFile(f"{file.path}: {error}, or leave the file out") from error
    return [source.schema.column(place).path for place in wanted]


def _sound(file: File, table: pyarrow.Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A table as Polars has it, and what is bad in its rows, which are null where they are too large."""
    faults = _too_large(file, _sizes(file, table))
    large = faults["reason"].is_not_null()
    if large.any():
        kept = pyarrow.array(np.arange(table.num_rows), mask=large.to_numpy())
        table = table.take(kept)
    try:
        read = [as_series(name, table.column(name)) for name in table.column_names]
    except UnusableColumn as error:
        raise _unusable(file, error) from error
    bad = {series.name: undecodable for series, undecodable in read if undecodable.any()}
    if bad:
        names = pl.concat_str(
            [pl.when(rows).then(pl.lit(name)) for name, rows in bad.items()], separator=", ", ignore_nulls=True
        )
        undecodable = pl.any_horizontal(bad.values())
        faults = faults.with_columns(
            pl.when(undecodable).then(pl.lit("invalid_utf8")).otherwise("reason").alias("reason"),
            pl.when(undecodable).then("bytes that are not UTF-8 in " + names).otherwise("detail").alias("detail"),
        )
    return pl.DataFrame([series for series, _ in read]), faults


def _sizes(file: File, table: pyarrow.Table) -> Sizes:
    try:
        return sizes_in_table(table)
    except UnusableColumn as error:
        raise _unusable(file, error) from error


def _unusable(file: File, error: UnusableColumn) -> UnreadableFile:
    return UnreadableFile(f"{file.path}: {error}; write it in another type, or leave the file out")


def _check_together(file: File, sizes: Sizes) -> None:
    """Raise UnreadableFile where rows of these sizes, without those that fall out, are too large together."""
    row, shard = file.limits.row_bytes, file.limits.shard_bytes
    if sizes[sizes <= row].sum() > shard:
        raise beyond(file.path, f"{len(sizes):,} rows of one shard unpack to", shard, "shard_bytes")


def _too_large(file: File, sizes: Sizes) -> pl.DataFrame:
    """`reason` and `detail` of rows of these sizes."""
    most = file.limits.row_bytes
    numbers = (sizes > most).nonzero()[0]
    said = [large_row(int(sizes[number]), most) for number in numbers]
    return pl.DataFrame(
        [
            pl.repeat(None, len(sizes), dtype=pl.String, eager=True).scatter(numbers, values).alias(name)
            for name, values in (("reason", [reason for reason, _ in said]), ("detail", [detail for _, detail in said]))
        ]
    )
