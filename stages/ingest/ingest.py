"""Read the rows of a source: each becomes messages with a prompt to say and its answer, or a reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

import polars as pl
import xxhash
from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.verdicts import Outcome, check_accounted, outcome
from sayso.stages.ingest.shards import even_shards, first_rows
from sayso.stages.ingest.survey import GO_ON, survey, surveyed_chunks
from sayso.stages.rows.draws import draw
from sayso.stages.rows.recordings import RECORDING
from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.sources.files import Compression, File, Format, UnreadableFiles, checking_versions
from sayso.stages.sources.formats.readers import read
from sayso.stages.sources.formats.row_ranges import RowRange
from sayso.stages.sources.hub_datasets import commit_of
from sayso.stages.sources.limits import Limits
from sayso.stages.sources.recording_files import with_content
from sayso.stages.sources.schemas.file_schema import FileSchema, candidate_schemas
from sayso.stages.sources.schemas.messages.conversations import MESSAGES
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.rows_by_schema import rows_by_schema
from sayso.stages.sources.source import Source, find_files
from sayso.stages.sources.stores import SourceError, UnreadableFile

SHARD_ROWS = 20_000
SHARD_BYTES = 64 << 20

ROWS = {
    "id": pl.String,
    "source": pl.String,
    "position": pl.String,
    "license": pl.String,
    "messages": MESSAGES,
    "prompt": pl.String,
    "answer": pl.String,
    "later_turns": LATER_TURNS,
    "recording": RECORDING,
}

# A row as it is read, before it is known to be whole.
READ: dict[str, pl.DataType | type[pl.DataType]] = {
    "position": pl.String,
    "messages": MESSAGES,
    "prompt": pl.String,
    "answer": pl.String,
    "later_turns": LATER_TURNS,
    "recording": RECORDING,
    "reasoning_characters": pl.Int64,
    "reason": pl.String,
    "detail": pl.String,
}
MEASURED = pl.col("reasoning_characters").alias("ingest.reasoning_characters")
UNREADABLE = "unreadable_file"


class FileSlice(BaseModel):
    """Consecutive rows of one file, with everything that reading them needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    name: str
    format: Format
    compression: Compression
    size: int
    content: str = Field(description="what stands for the whole file's content, so that a changed file is seen")
    checks: str = Field(description="hashes of a local file's blocks; `content` stands for them, too")
    limits: Limits
    rows_at: str | None = Field(None, description="the list of a JSON document that has the rows")
    mapping: FileSchema | None = Field(description="how its rows are read; null for a file that cannot be read")
    fault: str | None = Field(None, description="why the file cannot be read")
    row_range: RowRange

    @property
    def file(self) -> File:
        version, checks, limits = self.content, self.checks, self.limits
        return File(
            self.path, self.name, self.format, self.compression, self.size, version, checks, limits, self.rows_at
        )


class SourceShard(BaseModel):
    """Rows of one source, of one file or of several; equal shards give equal rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    revision: str
    license: str | None
    options: ReadingOptions = ReadingOptions()
    schemas: tuple[FileSchema, ...] = Field(
        (), description="those by which a row may be read that its file's does not fit"
    )
    unreadable_files: UnreadableFiles = "stop"
    slices: tuple[FileSlice, ...]

    def identity(self) -> str:
        """What decides this shard's rows, as JSON: all but where the files lie and how they are read."""
        limits = {"shard_bytes", "block_bytes", "file_bytes"}
        return self.model_dump_json(exclude={"slices": {"__all__": {"path": True, "checks": True, "limits": limits}}})

    @property
    def rows(self) -> int:
        return sum(file_slice.row_range.rows for file_slice in self.slices)


def cut_shards(
    source: Source,
    files: Sequence[File],
    surveyed: pl.DataFrame,
    commit: str | None,
    shard_rows: int,
    options: ReadingOptions,
) -> list[SourceShard]:
    """The surveyed files of a source as even shards of at most `shard_rows` rows (larger where `even_shards` says so).

    Raises SourceError where no row is found.
    """
    lines = surveyed.to_dicts()
    settled = [
        File(file.path, file.name, line["format"], line["compression"], file.size, file.version)
        for file, line in zip(files, lines, strict=False)
    ]
    schemas = [FileSchema.model_validate_json(line["schema"]) if line["schema"] else None for line in lines]
    chunks = first_rows([surveyed_chunks(line) for line in lines], source.limit)

    allowed = tuple(candidate_schemas(source.name, source.schema_name, source.columns))

    def file_slice(number: int, row_range: RowRange) -> FileSlice:
        file, schema = settled[number], schemas[number]
        return FileSlice(
            path=file.path,
            name=file.name,
            format=file.format,
            compression=file.compression,
            size=file.size,
            content=lines[number]["content"],
            checks=lines[number]["checks"],
            limits=source.limits,
            rows_at=source.rows_at,
            mapping=schema,
            fault=lines[number]["fault"],
            row_range=row_range,
        )

    shards = [
        SourceShard(
            source=source.name,
            revision=source.revision if source.hub is None else commit or "",
            license=source.license,
            options=options,
            schemas=allowed,
            unreadable_files=source.unreadable_files,
            slices=tuple(file_slice(number, row_range) for number, row_range in ranges),
        )
        for ranges in even_shards(settled, chunks, shard_rows, SHARD_BYTES)
    ]
    if not shards:
        raise SourceError(
            f"source {source.name}: {', '.join(source.paths) or (source.hub and source.hub.label)} holds no rows"
        )
    return shards


def plan_shards(
    source: Source, base: Path, shard_rows: int = SHARD_ROWS, seed: int = 0, most_turns: int = 1
) -> list[SourceShard]:
    """The shards of a source found, surveyed and cut in this process; a run surveys on its workers instead."""
    commit = commit_of(source.hub) if source.hub else None
    files = find_files(source, base, commit)
    surveyed = survey(
        files,
        source.schema_name,
        source.columns,
        source.roles,
        source.limit,
        source.unreadable_files,
        source.max_lost_share,
    )
    return cut_shards(source, files, surveyed, commit, shard_rows, source.reading_options(seed, most_turns))


def ingest(shard: SourceShard) -> Outcome:
    """The shard's rows (columns `ROWS`) and a verdict on each row found, both in the order of the files.

    Raises SourceError where a file is broken, ChangedFile where it is no longer the one that was planned.
    """
    with checking_versions([file_slice.file for file_slice in shard.slices]):
        read = [_read(shard, slices) for slices in _by_schema(shard.slices)]
    rows = pl.concat([pl.DataFrame(schema=READ), *read], how="diagonal")
    rows = rows.with_columns(
        ids(shard, rows["position"]),
        source=pl.lit(shard.source),
        license=pl.lit(shard.license, dtype=pl.String),
    )
    reason, detail = pl.col("reason"), pl.col("detail")
    found = outcome(rows, "ingest", reason, [MEASURED], kept=list(ROWS), detail=detail)
    begins = [f" {first.name}:{first.row_range.first}" for first in shard.slices[:1]]
    check_accounted(found, shard.rows, f"ingest {shard.source}{''.join(begins)}")
    return found


def _by_schema(slices: Sequence[FileSlice]) -> list[list[FileSlice]]:
    """The slices in order, consecutive ones of one schema together."""
    return [list(same) for _, same in groupby(slices, key=lambda file_slice: file_slice.mapping)]


def _read(shard: SourceShard, slices: Sequence[FileSlice]) -> pl.DataFrame:
    """The rows of slices of one schema (columns `READ`), in order; one that cannot be read is its reason and detail.

    Of a slice that cannot be read at all this is true of every row, where the source goes on without it.
    """
    if slices[0].mapping is None:
        faults = {"position": [each.name for each in slices], "detail": [each.fault for each in slices]}
        return pl.DataFrame(faults).with_columns(reason=pl.lit(UNREADABLE))
    try:
        return _read_by_schema(shard, slices, slices[0].mapping)
    except UnreadableFile as error:
        if shard.unreadable_files == "stop":
            raise SourceError(f"{error}{GO_ON}") from error
        if len(slices) > 1:
            return pl.concat([_read(shard, [file_slice]) for file_slice in slices], how="diagonal")
        (lost,), detail = slices, str(error).removeprefix(f"{slices[0].path}: ")
        numbers = range(lost.row_range.start + 1, lost.row_range.start + lost.row_range.rows + 1)
        rows = pl.DataFrame({"position": [f"{lost.name}:{number}" for number in numbers]})
        return rows.with_columns(reason=pl.lit(UNREADABLE), detail=pl.lit(detail))


def _read_by_schema(shard: SourceShard, slices: Sequence[FileSlice], schema: FileSchema) -> pl.DataFrame:
    others = [other for other in shard.schemas if other != schema]
    names = pl.Series([file_slice.name for file_slice in slices])
    found = read([(file_slice.file, file_slice.row_range) for file_slice in slices], schema.columns)
    parts = [rows_by_schema(each, schema, others, shard.options, partial(_turn_draws, shard, names)) for each in found]
    rows = pl.concat(parts, how="diagonal")
    if not (rows["slice"] * (1 << 40) + rows["number"]).is_sorted():
        rows = rows.sort("slice", "number")
    rows = with_content(rows, [each.file for each in slices], [each.content for each in slices])
    return rows.with_columns(_positions(names, rows)).select(*READ)


def _positions(names: pl.Series, rows: pl.DataFrame) -> pl.Series:
    """File and row of each of `rows`, which have `slice` and `number`."""
    return rows.select(
        pl.format("{}:{}", names.gather(rows["slice"]).alias("name"), "number").alias("position")
    ).to_series()


def _turn_draws(shard: SourceShard, names: pl.Series, rows: pl.DataFrame) -> TurnDraws:
    return lambda: draw(ids(shard, _positions(names, rows)), shard.options.seed, "turn")


def ids(shard: SourceShard, positions: pl.Series) -> pl.Series:
    """xxh3-128 (32 hex) of source, revision and position, joined by the unit separator."""
    origins = pl.select(pl.lit(f"{shard.source}\x1f{shard.revision}\x1f") + positions).to_series().cast(pl.Binary)
    return pl.Series("id", list(map(xxhash.xxh3_128_hexdigest, origins.to_list())), dtype=pl.String)
