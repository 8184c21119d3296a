"""Some of the rows of a shard of a source: which it has, without reading any, and the shard of those alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from sayso.stages.ingest.ingest import FileSlice, SourceShard, ids
from sayso.stages.sources.formats.readers import numbers_of

PLACES = {"slice": pl.Int64, "row": pl.Int64, "position": pl.String}


def rows_of(shard: SourceShard) -> pl.DataFrame:
    """`id`, `source` and `position` of each row in order, and where it stands: `slice`, and `row` of that, from 0."""
    parts = [
        pl.DataFrame({"slice": number, "row": range(len(found)), "position": found}, schema=PLACES)
        for number, found in enumerate(map(_positions, shard.slices))
    ]
    rows = pl.concat([pl.DataFrame(schema=PLACES), *parts])
    return rows.with_columns(ids(shard, rows["position"]), pl.lit(shard.source).alias("source"))


def shard_of(shard: SourceShard, rows: pl.DataFrame) -> SourceShard:
    """The shard that has some of its rows alone, as `rows_of` gives them."""
    return shard.model_copy(update={"slices": tuple(_parts(shard.slices, rows))})


def _positions(of: FileSlice) -> list[str]:
    if of.mapping is None:
        return [of.name]
    return [f"{of.name}:{number}" for number in numbers_of(of.file, of.row_range)]


def _parts(slices: Sequence[FileSlice], rows: pl.DataFrame) -> Iterator[FileSlice]:
    # Rows of a slice that follow each other differ from their place among the chosen ones by the same number.
    runs = rows.select("slice", "row", apart=pl.col("row") - pl.int_range(pl.len()))
    found = runs.group_by("slice", "apart", maintain_order=True).agg(pl.col("row").first(), pl.len().alias("rows"))
    for number, start, count in found.select("slice", "row", "rows").iter_rows():
        of = slices[number]
        yield of.model_copy(update={"row_range": of.row_range.part(start, count)})
