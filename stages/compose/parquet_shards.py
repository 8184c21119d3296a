"""Published Parquet: the Hub's types in every file, compressed, and cut so that unchanged parts stay the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import datasets

# About 10 MB: small enough to read a part of a shard, large enough to compress well.
ROW_GROUP_ROWS, ROW_GROUP_ROWS_WITH_AUDIO = 4_096, 100

TEXTS = ("prompt", "spoken", "answer", "transcript")
BYTES_PER_TOKEN, BYTES_PER_TOKEN_WITH_AUDIO = 4, 580


def row_group_rows(features: datasets.Features) -> int:
    """How many rows are written together."""
    return ROW_GROUP_ROWS_WITH_AUDIO if "audio" in features else ROW_GROUP_ROWS


def estimated_bytes(rows: pl.DataFrame, with_audio: bool) -> int:
    """About how many bytes rows of `synthesize` or `mix` take when they are published, in the default config.

    From their tokens and texts alone, so that it is the same however they are cut into shards. The factors are those of
    published rows: a token stands in a list and in a conversation, texts pack to about half, FLAC is 14.5 kB a second.
    """
    per_token = BYTES_PER_TOKEN_WITH_AUDIO if with_audio else BYTES_PER_TOKEN
    texts = pl.sum_horizontal(pl.col(*TEXTS).str.len_bytes().cast(pl.Int64))
    tokens = pl.col("sound_tokens").list.len().cast(pl.Int64)
    counted = rows.select((tokens * per_token).sum(), (texts // 2).sum().alias("texts"))
    return int(sum(counted.row(0)))


def in_row_groups(parts: Iterable[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """The rows of consecutive tables anew in tables of so many, the last with what is left; one part is held."""
    waiting: list[pl.DataFrame] = []
    for part in parts:
        waiting.append(part)
        if sum(table.height for table in waiting) >= rows:
            joined = pl.concat(waiting)
            whole = joined.height - joined.height % rows
            yield from joined.head(whole).iter_slices(rows)
            waiting = [joined.slice(whole)]
    if any(table.height for table in waiting):
        yield pl.concat(waiting)


class ParquetShard:
    """A shard that is written row group by row group, with an explicit schema, zstd, page index and chunked by content.

    Content-defined chunks keep the unchanged part of a changed file the same bytes, which the Hub stores once.
    """

    def __init__(self, features: datasets.Features) -> None:
        self._schema: pa.Schema = features.arrow_schema
        self._buffer = io.BytesIO()
        self._writer = pq.ParquetWriter(
            self._buffer, self._schema, compression="zstd", write_page_index=True, use_content_defined_chunking=True
        )

    def write(self, rows: pl.DataFrame) -> None:
        """Add a row group; nothing where there are no rows."""
        if rows.height:
            self._writer.write_table(rows.to_arrow().cast(self._schema), row_group_size=rows.height)

    def finish(self) -> bytes:
        """The bytes of the whole file."""
        self._writer.close()
        return self._buffer.getvalue()


def parquet_bytes(published: pl.DataFrame, features: datasets.Features) -> bytes:
    """A table as one shard."""
    shard = ParquetShard(features)
    for part in published.iter_slices(row_group_rows(features)):
        shard.write(part)
    return shard.finish()
