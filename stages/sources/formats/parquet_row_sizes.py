"""How many bytes each row of a column takes when it is unpacked, told without unpacking it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow
import pyarrow.compute

from sayso.stages.sources.formats.parquet_columns import UnusableColumn

Sizes = np.ndarray[tuple[int], np.dtype[np.int64]]
# What a number takes, or one that is not there.
FIXED = 8


def sizes_in_frame(frame: pl.DataFrame) -> Sizes:
    """Bytes of each row of a frame, in which rows may share the memory of one text."""
    return sum((_in_series(column) for column in frame), np.zeros(frame.height, np.int64))


def sizes_in_table(table: pyarrow.Table) -> Sizes:
    """Bytes of each row of a table, of which columns may be dictionaries that are not spelt out.

    Raises UnusableColumn where one of these does not hold what it is asked for.
    """
    columns = [[np.zeros(0, np.int64), *map(_in_array, column.chunks)] for column in table.columns]
    return sum((np.concatenate(parts) for parts in columns), np.zeros(table.num_rows, np.int64))


def _in_series(column: pl.Series) -> Sizes:
    dtype = column.dtype
    if dtype == pl.String:
        return column.str.len_bytes().fill_null(0).cast(pl.Int64).to_numpy()
    if isinstance(dtype, pl.Struct):
        return sum(map(_in_series, column.struct.unnest()), np.zeros(column.len(), np.int64))
    if isinstance(dtype, pl.Array):
        column, dtype = column.arr.to_list(), pl.List(dtype.inner)
    if isinstance(dtype, pl.List):
        inside = _in_series(column.explode(empty_as_null=False, keep_nulls=False))
        return _together(inside, column.list.len().fill_null(0).cast(pl.Int64).to_numpy())
    return np.full(column.len(), FIXED, np.int64)


def _in_array(array: pyarrow.Array) -> Sizes:
    kind = array.type
    if isinstance(kind, pyarrow.BaseExtensionType):
        return _in_array(array.storage)
    if pyarrow.types.is_dictionary(kind):
        known = np.append(_in_array(array.dictionary), np.int64(0))
        places = array.indices.cast(pyarrow.int64()).fill_null(len(array.dictionary)).to_numpy(zero_copy_only=False)
        if len(places) and not 0 <= places.min() <= places.max() < len(known):
            raise UnusableColumn(f"a dictionary of {len(array.dictionary)} values is asked for others")
        return known[places]
    if pyarrow.types.is_struct(kind):
        return sum(map(_in_array, array.flatten()), np.zeros(len(array), np.int64))
    if pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind) or pyarrow.types.is_fixed_size_list(kind):
        lengths = pyarrow.compute.list_value_length(array).fill_null(0).cast(pyarrow.int64())
        return _together(_in_array(array.flatten()), lengths.to_numpy(zero_copy_only=False))
    try:
        lengths = pyarrow.compute.binary_length(array).fill_null(0).cast(pyarrow.int64())
    except pyarrow.ArrowNotImplementedError:
        return np.full(len(array), FIXED, np.int64)
    return lengths.to_numpy(zero_copy_only=False)


def _together(inside: Sizes, lengths: Sizes) -> Sizes:
    """The sizes of lists of these lengths from those of what is inside them, one list after the other."""
    until = np.concatenate([np.zeros(1, np.int64), np.cumsum(inside)])
    ends = np.cumsum(lengths)
    return until[ends] - until[ends - lengths] + FIXED * lengths
