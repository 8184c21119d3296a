"""Compose: spoken rows become the published columns, in typed Parquet shards of an even size."""

from __future__ import annotations

import io
from collections.abc import Sequence

import datasets
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field

from manifests.verdicts import KEPT, VERDICT_SCHEMA, Outcome

INSTRUCTION = "instruction"
# About 10 MB of these rows: small enough to read a part of a shard, large enough to compress well.
ROW_GROUP_ROWS = 4_096

FEATURES = datasets.Features(
    {
        "id": datasets.Value("string"),
        "source": datasets.Value("string"),
        "license": datasets.Value("string"),
        "kind": datasets.Value("string"),
        "language": datasets.Value("string"),
        "prompt": datasets.Value("string"),
        "spoken": datasets.Value("string"),
        "answer": datasets.Value("string"),
        "sound_tokens": datasets.List(datasets.Value("uint16")),
        "duration": datasets.Value("float32"),
        "voice": datasets.Value("string"),
        "transcript": datasets.Value("string"),
        "wer": datasets.Value("float32"),
        "cer": datasets.Value("float32"),
        "conversations": datasets.List({"role": datasets.Value("string"), "content": datasets.Value("string")}),
    }
)


class Compose(BaseModel):
    """How the published dataset is cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows_per_shard: int = Field(default=50_000, gt=0, description="rows of a published Parquet shard")


def sound_string(tokens: pl.Expr) -> pl.Expr:
    """Sound tokens as a trainer reads them: start, one 4-digit token each, end, with nothing in between."""
    each = pl.format("<|sound_{}|>", pl.element().cast(pl.String).str.zfill(4))
    return pl.format("<|sound_start|>{}<|sound_end|>", tokens.list.eval(each).list.join(""))


def compose(rows: pl.DataFrame) -> pl.DataFrame:
    """The published columns of spoken rows, sorted by id; `conversations` has the user's turn as sound."""
    turns = pl.concat_list(
        pl.struct(pl.lit("user").alias("role"), sound_string(pl.col("sound_tokens")).alias("content")),
        pl.struct(pl.lit("assistant").alias("role"), pl.col("answer").alias("content")),
    )
    return (
        rows.sort("id")
        .with_columns(pl.lit(INSTRUCTION).alias("kind"), turns.alias("conversations"))
        .select(list(FEATURES))
    )


def account(published: pl.DataFrame, places: pl.DataFrame, shard: str) -> Outcome:
    """Where each row was published (`shard`, `row`), and a verdict that it was; `places` has its position."""
    rows = published.select("id").with_row_index("row").with_columns(pl.lit(shard).alias("shard"))
    nothing = [pl.lit(None, VERDICT_SCHEMA[name]).alias(name) for name in ("filter", "reason", "detail")]
    verdicts = places.sort("id").select("id", "source", "position", pl.lit(KEPT).alias("verdict"), *nothing)
    return Outcome(rows, verdicts)


def parquet_bytes(published: pl.DataFrame) -> bytes:
    """A published shard: explicit schema with the Hub's types, zstd, page index, content-defined chunking.

    Content-defined chunks keep the unchanged part of a changed file the same bytes, which the Hub stores once.
    """
    schema: pa.Schema = FEATURES.arrow_schema
    buffer = io.BytesIO()
    with pq.ParquetWriter(
        buffer, schema, compression="zstd", write_page_index=True, use_content_defined_chunking=True
    ) as writer:
        for part in published.iter_slices(ROW_GROUP_ROWS):
            writer.write_table(part.to_arrow().cast(schema))
    return buffer.getvalue()


def shard_names(rows: int, rows_per_shard: int) -> Sequence[str]:
    """Names of the shards that hold `rows` rows; one, empty, when there are none."""
    shards = max(1, -(-rows // rows_per_shard))
    return [f"train-{shard:05d}-of-{shards:05d}" for shard in range(shards)]
