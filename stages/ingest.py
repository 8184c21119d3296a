"""Read the rows of a source: each becomes messages with a prompt to say and its answer, or a reason."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal

import polars as pl
import xxhash
from pydantic import BaseModel, ConfigDict, Field

from manifests.verdicts import DROPPED, KEPT, VERDICT_SCHEMA, Outcome, check_accounted
from stages.conversations import MESSAGES
from stages.draws import draw
from stages.exchanges import Reading, System, Turn
from stages.files import Compression, File, Format, SourceError, content_hash, list_files
from stages.readers import Span, read, sample, split
from stages.schemas import Schema, SchemaName, convert, resolve

SHARD_ROWS = 20_000
SHARD_BYTES = 64 << 20

# What a training set's exporter leaves at the end of an answer.
END_OF_TEXT = r"(?:\s*(?:<\|endoftext\|>|<\|im_end\|>|<\|eot_id\|>|</s>))+\s*$"

ROWS = {
    "id": pl.String,
    "source": pl.String,
    "position": pl.String,
    "license": pl.String,
    "messages": MESSAGES,
    "prompt": pl.String,
    "answer": pl.String,
}


class Source(BaseModel):
    """A set of files that belong together, as a recipe names it; the order in the recipe is the priority."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="goes into every row, its id and file names")
    paths: tuple[str, ...] = Field(min_length=1, description="files, folders or globs, relative to the recipe")
    license: str | None = Field(None, description="travels with every row")
    revision: str = Field("", description="version of the data; part of every id")
    schema_name: SchemaName | Literal["auto"] = Field("auto", alias="schema", description="what the columns mean")
    columns: dict[str, str] = Field({}, description="our field → the column of the files, such as output: reply")
    limit: int | None = Field(None, gt=0, description="take the first rows only")
    turn: Turn = Field(
        "first",
        description="which user turn of a conversation is said: the first, or the last or any (drawn) that is answered",
    )
    system: System = Field(
        "keep",
        description="a system prompt stays in `messages`, is taken out, or its row is dropped: `has_system_prompt`",
    )
    max_input_characters: int | None = Field(
        None,
        ge=0,
        description="longest input that is said after its instruction; others are dropped: `has_attached_input`",
    )

    def reading(self, seed: int) -> Reading:
        """What its rows are read for; the seed counts only where a turn is drawn."""
        fields = {name: getattr(self, name) for name in ("turn", "system", "max_input_characters")}
        return Reading(**fields, seed=seed if self.turn == "any" else 0)


class SourceShard(BaseModel):
    """Rows of one file, with everything that reading them needs; equal shards give equal rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    revision: str
    license: str | None
    path: str
    name: str
    format: Format
    compression: Compression
    size: int
    content: str = Field(description="xxh3-128 of the whole file, so that a changed file makes a changed shard")
    mapping: Schema
    reading: Reading = Reading()
    span: Span

    def identity(self) -> str:
        """What decides this shard's rows, as JSON: all but the place where the file lies on this machine."""
        return self.model_dump_json(exclude={"path"})

    @property
    def file(self) -> File:
        return File(path=self.path, name=self.name, format=self.format, compression=self.compression)


def plan_shards(source: Source, base: Path, shard_rows: int = SHARD_ROWS, seed: int = 0) -> list[SourceShard]:
    """The source cut into shards of at most `shard_rows` rows; relative paths start at `base`.

    Reads every file once to hash it and, unless it is Parquet, once to count its rows.
    Raises SourceError where no file matches, a file is broken, its columns fit no schema, or no row is found.
    """
    shards: list[SourceShard] = []
    left = source.limit
    for file in list_files(source.paths, base):
        spans = split(file, shard_rows, SHARD_BYTES) if left != 0 else []
        if not spans:
            continue
        schema = resolve(file.path, sample(file), source.schema_name, source.columns)
        size, content = Path(file.path).stat().st_size, content_hash(file.path)
        for span in spans:
            rows = span.rows if left is None else min(span.rows, left)
            left = None if left is None else left - rows
            if rows:
                shards.append(
                    SourceShard(
                        source=source.name,
                        revision=source.revision,
                        license=source.license,
                        path=file.path,
                        name=file.name,
                        format=file.format,
                        compression=file.compression,
                        size=size,
                        content=content,
                        mapping=schema,
                        reading=source.reading(seed),
                        span=span.model_copy(update={"rows": rows}),
                    )
                )
    if not shards:
        raise SourceError(f"source {source.name}: {', '.join(source.paths)} holds no rows")
    return shards


def ingest(shard: SourceShard) -> Outcome:
    """The shard's rows (columns `ROWS`) and a verdict on each row found, both in the order of the file.

    Raises SourceError where the file is broken or is no longer the one that was planned.
    """
    path = Path(shard.path)
    if not path.is_file() or path.stat().st_size != shard.size:
        raise SourceError(f"{path}: the file was changed or removed after the run was planned; start it again")
    records = read(shard.file, shard.span, shard.mapping.columns)
    draws = partial(_turn_draws, shard, records.rows["number"])
    converted = records.rows.select("number").hstack(convert(shard.mapping, records.rows, shard.reading, draws))
    rows = (
        pl.concat([converted, records.broken], how="diagonal")
        .sort("number")
        .select(
            pl.lit(shard.source).alias("source"),
            pl.format("{}:{}", pl.lit(shard.name), "number").alias("position"),
            pl.lit(shard.license, dtype=pl.String).alias("license"),
            *("messages", "prompt", pl.col("answer").str.replace(END_OF_TEXT, ""), "reason", "detail"),
        )
    )
    rows = rows.with_columns(_ids(shard, rows["position"]))
    dropped = pl.col("reason").is_not_null()
    verdicts = rows.select(
        "id",
        "source",
        "position",
        verdict=pl.when(dropped).then(pl.lit(DROPPED)).otherwise(pl.lit(KEPT)),
        filter=pl.when(dropped).then(pl.lit("ingest")),
        reason="reason",
        detail="detail",
    )
    outcome = Outcome(rows.filter(~dropped).select(*ROWS), verdicts.select(*VERDICT_SCHEMA))
    check_accounted(outcome, shard.span.rows, f"ingest {shard.source} {shard.name}:{shard.span.first}")
    return outcome


def _turn_draws(shard: SourceShard, numbers: pl.Series) -> pl.Series:
    return draw(_ids(shard, shard.name + ":" + numbers.cast(pl.String)), shard.reading.seed, "turn")


def _ids(shard: SourceShard, positions: pl.Series) -> pl.Series:
    """xxh3-128 (32 hex) of source, revision and position, joined by the unit separator."""
    origin = f"{shard.source}\x1f{shard.revision}\x1f"
    digest = xxhash.xxh3_128_hexdigest
    return pl.Series("id", [digest((origin + position).encode()) for position in positions], dtype=pl.String)
