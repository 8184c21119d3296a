"""Rows of a Parquet file by their place in it, of which only the row groups and columns in question are read."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache

import polars as pl
import pyarrow
import pyarrow.parquet

from stages.checked_bytes import unchanged_meanwhile
from stages.files import File, open_bytes
from stages.stores import SourceError, open_remote

_BYTES_OF = {pyarrow.string(): pyarrow.binary(), pyarrow.large_string(): pyarrow.large_binary()}
# Enough for the first page of a column: a sample must not read a whole row group.
SAMPLE_BUFFER = 1 << 18
# After a footer come its length and four letters.
FOOTER_END = 8


def first_rows(file: File, rows: int) -> list[dict[str, object]]:
    """The first rows with all columns; what is not UTF-8 in a text is replaced."""
    with _opened(file, metadata=_footer(file), buffer_size=SAMPLE_BUFFER, pre_buffer=False) as source:
        batch = next(source.iter_batches(batch_size=rows), None)
        found = [] if batch is None else _untyped(file, pyarrow.Table.from_batches([batch])).to_dicts()
    return [{name: _shown(value) for name, value in row.items()} for row in found]


def _shown(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def row_group_sizes(file: File, columns: Collection[str]) -> list[tuple[int, int]]:
    """Rows of each row group, and the bytes of these columns in memory, from the footer."""
    groups = [_footer(file).row_group(number) for number in range(_footer(file).num_row_groups)]
    return [(group.num_rows, _bytes_of(group, columns)) for group in groups]


def _bytes_of(group: pyarrow.parquet.RowGroupMetaData, columns: Collection[str]) -> int:
    return sum(chunk.total_uncompressed_size for chunk in _chunks(group, columns))


def _chunks(
    group: pyarrow.parquet.RowGroupMetaData, columns: Collection[str]
) -> list[pyarrow.parquet.ColumnChunkMetaData]:
    chunks = (group.column(number) for number in range(group.num_columns))
    return [chunk for chunk in chunks if chunk.path_in_schema.split(".")[0] in columns]


def layout(file: File) -> str:
    """The names and types of the columns; files of one layout need be looked at once."""
    return str(_footer(file).schema.to_arrow_schema().remove_metadata())


@lru_cache(maxsize=1)
def _footer(file: File) -> pyarrow.parquet.FileMetaData:
    """The footer of a file, kept while one looks at it from several sides."""
    with _opened(file) as source:
        return source.metadata


def parquet_rows(file: File, start: int, rows: int, columns: Collection[str]) -> pl.DataFrame:
    """`rows` rows from the one after `start` on, with those of the columns that the file has.

    Text is bytes where any of it is not UTF-8 or the file is not on this machine. Raises SourceError where the file
    is broken.
    """
    if not _is_plain_local(file):
        return _from_row_groups(file, start, rows, columns)
    try:
        with _held(file, start, rows, columns):
            return _as_found(file, start, rows, columns)
    except SourceError as error:
        if "invalid UTF-8" not in str(error):
            raise
        # Polars refuses the whole of a file in which any text is not UTF-8.
        return _from_row_groups(file, start, rows, columns)


def _held(file: File, start: int, rows: int, columns: Collection[str]) -> AbstractContextManager[None]:
    """What is read of these rows by the path is what was surveyed, where the file has been."""
    if not file.checks:
        return nullcontext()
    return unchanged_meanwhile(file.path, file.size, file.checks, _ranges(file, start, rows, columns))


def _ranges(file: File, start: int, rows: int, columns: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the footer lies and these columns of the row groups that hold these rows: first byte, and how many."""
    footer = _footer(file)
    yield file.size - footer.serialized_size - FOOTER_END, footer.serialized_size + FOOTER_END
    for number in _groups(footer, start, rows)[0]:
        for chunk in _chunks(footer.row_group(number), columns):
            yield chunk.dictionary_page_offset or chunk.data_page_offset, chunk.total_compressed_size


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


def _is_plain_local(file: File) -> bool:
    return file.compression == "none" and not file.is_remote


def _as_found(file: File, start: int, rows: int, columns: Collection[str] | None) -> pl.DataFrame:
    try:
        frame = pl.scan_parquet(file.path, glob=False, hive_partitioning=False)
        return frame.select(_present(frame.collect_schema().names(), columns)).slice(start, rows).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _broken(file, error) from error


def _from_row_groups(file: File, start: int, rows: int, columns: Collection[str]) -> pl.DataFrame:
    with _opened(file, metadata=_footer(file), pre_buffer=True) as source:
        wanted, passed = _groups(source.metadata, start, rows)
        table = source.read_row_groups(wanted, columns=_present(source.schema_arrow.names, columns))
        return _untyped(file, table.slice(start - passed, rows))


def _untyped(file: File, table: pyarrow.Table) -> pl.DataFrame:
    """The table with text as bytes, for nobody has checked it."""
    try:
        fields = [field.with_type(_BYTES_OF.get(field.type, field.type)) for field in table.schema]
        untyped = table.cast(pyarrow.schema(fields))
        untyped.validate(full=True)
    except pyarrow.ArrowException as error:
        raise SourceError(f"{file.path}: text that is not UTF-8 inside a list or struct ({error})") from error
    return pl.DataFrame(pl.from_arrow(untyped))


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
    except (pyarrow.ArrowException, OSError) as error:
        raise _broken(file, error) from error


def _broken(file: File, error: Exception) -> SourceError:
    return SourceError(f"{file.path}: not a whole Parquet file ({error}); fetch or write it again, or leave it out")


def _present(names: Collection[str], columns: Collection[str] | None) -> list[str]:
    return [name for name in names if columns is None or name in columns]
