"""Rows of a Parquet file that anybody may have made, row group by row group, in memory that is bounded beforehand."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator

import polars as pl
import pyarrow.parquet as pq

# What values of a row group may take, which Polars holds at a time: those of published rows take about 80 MB. A text
# that many rows share is held once, and is still read by each of them: so much may rows have that are read together.
MOST_GROUP_BYTES = 4 << 30
MOST_TEXT_BYTES = 1 << 30
# Where a row group has more, so many of its rows are read together; each may have 2 MiB then.
FEW_ROWS = 512
# What a value takes beside its text.
PLACE = 16


class TooLarge(ValueError):
    """Raised for rows that would take more memory than any of ours."""


def row_groups(content: bytes, metadata: pq.FileMetaData, columns: Collection[str]) -> Iterator[pl.DataFrame]:
    """Some columns of all rows, in order; row groups without rows are left out.

    Raises TooLarge, before the memory is taken, where values of a row group or texts of its rows are more than they
    may be, and ValueError or PolarsError where the content is no such file.
    """
    file, start = pl.scan_parquet(io.BytesIO(content)).select(*columns), 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        if _stored_bytes(group, columns) > MOST_GROUP_BYTES:
            raise TooLarge(f"has in row group {number + 1} more than the {MOST_GROUP_BYTES:,} bytes that one may take")
        rows = file.slice(start, group.num_rows).collect()
        start += group.num_rows
        few = [rows] if _text_bytes(rows) <= MOST_TEXT_BYTES else rows.iter_slices(FEW_ROWS)
        for some in few:
            if _text_bytes(some) > MOST_TEXT_BYTES:
                raise TooLarge(
                    f"has in row group {number + 1} more text than the {MOST_TEXT_BYTES:,} bytes that "
                    f"{FEW_ROWS} rows may have"
                )
            if some.height:
                yield some


def check_together(metadata: pq.FileMetaData, columns: Collection[str]) -> None:
    """Raises TooLarge where some columns of a whole file, read at once, take more than a row group may."""
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    if sum(_stored_bytes(group, columns) for group in groups) > MOST_GROUP_BYTES:
        raise TooLarge(f"has more than the {MOST_GROUP_BYTES:,} bytes that it may take")


def _stored_bytes(group: pq.RowGroupMetaData, columns: Collection[str]) -> int:
    """The bytes of these columns' values, by the footer, before any is read."""
    chunks = (group.column(place) for place in range(group.num_columns))
    wanted = [chunk for chunk in chunks if chunk.path_in_schema.split(".")[0] in columns]
    return sum(max(chunk.total_uncompressed_size, PLACE * chunk.num_values) for chunk in wanted)


def _text_bytes(rows: pl.DataFrame) -> int:
    return sum(map(_text_bytes_of, rows))


def _text_bytes_of(column: pl.Series) -> int:
    if isinstance(column.dtype, pl.List):
        return _text_bytes_of(column.explode(empty_as_null=False, keep_nulls=False))
    if isinstance(column.dtype, pl.Struct):
        return sum(map(_text_bytes_of, column.struct.unnest()))
    return int(column.str.len_bytes().cast(pl.Int64).sum()) if column.dtype == pl.String else 0
