"""Messages as one list for each of their keys, which is how the datasets library writes a `Sequence` of objects."""

from __future__ import annotations

import polars as pl
import pyarrow


def in_lists(value: object, key: str) -> bool:
    """Whether a value has a list under this key, and so one for each of its keys."""
    return isinstance(value, dict) and isinstance(value.get(key), list)


def as_one_list(value: object) -> object:
    """One list of messages in place of lists by key; anything else as it is. Raises ValueError for uneven lists."""
    if not (isinstance(value, dict) and value and all(isinstance(each, list) for each in value.values())):
        return value
    return [dict(zip(value, each, strict=True)) for each in zip(*value.values(), strict=True)]


def joined_lists(values: pl.Series) -> pl.Series:
    """A column in which each row has one list of messages. Raises ValueError or a PolarsError for uneven lists."""
    if values.dtype == pl.Object:
        return pl.Series(values.name, [as_one_list(value) for value in values.to_list()], dtype=pl.Object)
    if not isinstance(values.dtype, pl.Struct) or any(not field.dtype.is_nested() for field in values.dtype.fields):
        return values
    lists = values.struct.unnest()
    keys = [name for name in lists.columns if lists[name].null_count() < lists.height]
    if not keys:
        return values
    heights = lists[keys[0]].list.len().fill_null(0).cast(pl.Int64)
    ends = pl.concat([pl.Series([0], dtype=pl.Int64), heights.cum_sum()])
    each = lists.select(keys).filter(heights > 0).explode(keys)
    structs = each.to_struct().to_arrow(compat_level=pl.CompatLevel.newest())
    return pl.Series(values.name, pl.from_arrow(pyarrow.LargeListArray.from_arrays(ends.to_arrow(), structs)))
