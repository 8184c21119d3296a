"""What the footer of a Parquet file tells before any row is read: columns, row groups, and where they lie."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import pyarrow
import pyarrow.parquet

from sayso.manifests.errors import in_one_line
from sayso.stages.sources.files import File, all_bytes, open_stored
from sayso.stages.sources.formats.parquet_columns import BYTES, hold_bytes, is_known_to_polars, leaves
from sayso.stages.sources.limits import beyond
from sayso.stages.sources.stores import UnreadableFile, open_remote

# What a value takes in memory beside its text, at most: 28 bytes were measured in a list of 80 million.
PLACE = 32
# After a footer come its length and four letters.
FOOTER_END = 8


@lru_cache(maxsize=1)
def footer_of(file: File) -> pyarrow.parquet.FileMetaData:
    """The footer of a file, kept while one looks at it from several sides."""
    with open_parquet(file) as source:
        return source.metadata


@lru_cache(maxsize=1)
def schema_of(file: File) -> pyarrow.Schema:
    """The columns of a file in Arrow's types. Raises UnreadableFile where Arrow has none for one of them."""
    try:
        return footer_of(file).schema.to_arrow_schema()
    except (pyarrow.ArrowException, NotImplementedError) as error:
        raise unreadable_file(file, error) from error


def layout(file: File) -> str:
    """The names and types of the columns; files of one layout need be looked at once."""
    return str(schema_of(file).remove_metadata())


def column_types(file: File) -> dict[str, str]:
    """The columns of a file, each with its type in Arrow's words."""
    return {field.name: str(field.type) for field in schema_of(file)}


def row_group_sizes(file: File, columns: Collection[str]) -> list[tuple[int, int]]:
    """Rows of each row group, and the bytes of these columns as they are stored, from the footer.

    Raises UnreadableFile where they unpack to more than a file may.
    """
    found, unpacked = [], 0
    for number in range(footer_of(file).num_row_groups):
        chunks, rows = column_chunks(file, number, columns), footer_of(file).row_group(number).num_rows
        size = sum(chunk.total_uncompressed_size for chunk in chunks)
        # What is the same in all rows takes no bytes as stored, and still a place for each row.
        unpacked += max(size, PLACE * sum(chunk.num_values for chunk in chunks), PLACE * rows)
        found.append((rows, size))
    if unpacked > file.limits.file_bytes:
        raise beyond(file.path, "it unpacks to", file.limits.file_bytes, "file_bytes")
    return found


def column_chunks(file: File, number: int, columns: Collection[str]) -> list[pyarrow.parquet.ColumnChunkMetaData]:
    """All that a row group has of these columns, but for the bytes of recordings, which no row is read with."""
    group = footer_of(file).row_group(number)
    stored = enumerate(leaves(schema_of(file)))
    return [group.column(place) for place, leaf in stored if leaf.column in columns and leaf.fields != BYTES]


def row_groups_of(file: File, places: Sequence[tuple[int, int]]) -> list[int]:
    """The row groups that hold these rows, in order."""
    return sorted({group for start, rows in places for group in row_groups_with(footer_of(file), start, rows)[0]})


def row_groups_with(footer: pyarrow.parquet.FileMetaData, start: int, rows: int) -> tuple[list[int], int]:
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


def ranges_of(file: File, places: Sequence[tuple[int, int]], columns: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the footer lies and these columns of the row groups that hold these rows: first byte, and how many."""
    footer = footer_of(file)
    yield file.size - footer.serialized_size - FOOTER_END, footer.serialized_size + FOOTER_END
    for number in row_groups_of(file, places):
        for chunk in column_chunks(file, number, columns):
            yield chunk.dictionary_page_offset or chunk.data_page_offset, chunk.total_compressed_size


def text_paths(file: File) -> list[str]:
    """The paths of the columns that hold texts or bytes."""
    schema = footer_of(file).schema
    stored = [schema.column(number) for number in range(len(schema))]
    return [column.path for column in stored if column.physical_type == "BYTE_ARRAY"]


def is_for_polars(file: File, columns: Collection[str]) -> bool:
    """Whether Polars reads these columns: they lie here unpacked, nothing beside stops it, none has recordings."""
    if file.compression != "none" or file.is_remote or not is_known_to_polars(schema_of(file)):
        return False
    if hold_bytes(schema_of(file), columns):
        return False
    stored = footer_of(file).schema
    return all(stored.column(number).converted_type != "INTERVAL" for number in range(len(stored)))


@contextmanager
def open_parquet(file: File, **options: object) -> Iterator[pyarrow.parquet.ParquetFile]:
    """The file, opened by Arrow with these options. Raises UnreadableFile, also for what is done with it."""
    try:
        if file.compression != "none":
            yield pyarrow.parquet.ParquetFile(io.BytesIO(all_bytes(file)), **options)
        elif file.is_remote:
            yield pyarrow.parquet.ParquetFile(open_remote(file.path, file.size), **options)
        else:
            # As it is stored, for Arrow gives what it finds in a file as an error of the system.
            with open_stored(file) as stream, pyarrow.parquet.ParquetFile(stream, **options) as source:
                yield source
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unreadable_file(file, error) from error


def unreadable_file(file: File, error: object) -> UnreadableFile:
    """The error for a file in which Arrow found this fault, or which it has no way to read."""
    said = in_one_line(error)
    if isinstance(error, NotImplementedError):
        return UnreadableFile(f"{file.path}: Arrow cannot read it ({said}); write it in another way, or leave it out")
    return UnreadableFile(f"{file.path}: not a whole Parquet file ({said}); fetch or write it again, or leave it out")
