"""Survey a source's files before any row is read: format, content, schema, and where the rows lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl

from sayso.stages.ingest.losses import FileSample, check_losses
from sayso.stages.sources.actual_format import with_actual_format
from sayso.stages.sources.file_samples import ROWS, check_empty_columns, column_kinds, sample_rows, spread
from sayso.stages.sources.files import File, UnreadableFiles, content_of, with_checks
from sayso.stages.sources.formats.csv_rows import check_header, csv_header
from sayso.stages.sources.formats.parquet_footer import column_types
from sayso.stages.sources.formats.parquet_footer import layout as layout_of
from sayso.stages.sources.formats.readers import chunks_of
from sayso.stages.sources.formats.row_ranges import Chunk, RowRange, range_of
from sayso.stages.sources.schemas.file_schema import FileSchema, candidate_schemas, resolve
from sayso.stages.sources.schemas.messages.roles import Role
from sayso.stages.sources.stores import SourceError, UnreadableFile

# One line for each file, in the order of the files. `schema` is a FileSchema as JSON, null for a file without rows;
# `checks` are hashes of its blocks, none for a remote file; `fault` says why a file cannot be read.
SURVEY: dict[str, pl.DataType | type[pl.DataType]] = {
    "name": pl.String,
    "format": pl.String,
    "compression": pl.String,
    "content": pl.String,
    "checks": pl.String,
    "schema": pl.String,
    "fault": pl.String,
    "rows": pl.Int64,
    "chunks": pl.List(
        pl.Struct({"first": pl.Int64, "rows": pl.Int64, "offset": pl.Int64, "bytes": pl.Int64, "parting": pl.String})
    ),
}

# Of so many files, or of files with so many bytes to read, one job makes the survey.
GROUP_FILES = 500
GROUP_BYTES = 256 << 20
FOOTER_BYTES = 1 << 20

GO_ON = "; or set `unreadable_files: drop` for its source, and such a file is one dropped row with the reason"
# How a file that cannot be read is accounted for.
THE_FILE = Chunk(first=0, rows=1, offset=0, bytes=0)


def survey(
    files: Sequence[File],
    schema: str,
    columns: Mapping[str, str],
    roles: Mapping[str, Role],
    limit: int | None,
    unreadable_files: UnreadableFiles,
    max_lost_share: float,
) -> pl.DataFrame:
    """What the files hold, as a table of `SURVEY`; with a limit only the first files that hold so many rows.

    Local files are read once to hash them, and all that is not Parquet once to find its rows. A file that cannot be
    read is one row, which says what is wrong, where such files are to be dropped. Raises SourceError naming the file
    where they are not, and where a file would lose more than that share of its rows.
    """
    schemas = candidate_schemas(files[0].path, schema, columns) if files else []
    known: dict[str, FileSchema] = {}
    lines: list[dict[str, object]] = []
    samples: list[FileSample] = []
    left = limit
    for found in files:
        if left is not None and left <= 0:
            break
        file, fault, mapping = found, None, None
        try:
            # First the hashes: what is then found out is of the very bytes that have them.
            file = with_actual_format(with_checks(found))
            chunks = chunks_of(file, (), left, partial(_fits_any, schemas))
            layout = layout_of(file) if file.format == "parquet" and file.is_remote else file.path
            if layout not in known and (seen := sample_of(file, spread(file, chunks), schemas)):
                samples.append(seen)
                known[layout] = seen.schema
            mapping = known.get(layout) if chunks else None
            if mapping and file.format == "parquet":
                chunks = chunks_of(file, mapping.columns, left)
        except UnreadableFile as error:
            if unreadable_files == "stop":
                raise SourceError(f"{error}{GO_ON}") from error
            fault, chunks = str(error).removeprefix(f"{file.path}: "), [THE_FILE]
        rows = sum(chunk.rows for chunk in chunks)
        left = None if left is None else left - rows
        lines.append(
            {
                "name": file.name,
                "format": file.format,
                "compression": file.compression,
                "content": content_of(file),
                "checks": file.checks,
                "schema": mapping.model_dump_json() if mapping else None,
                "fault": fault,
                "rows": rows,
                "chunks": [chunk.model_dump() for chunk in chunks],
            }
        )
    check_losses(samples, schemas, roles, max_lost_share)
    return pl.DataFrame(lines, schema=SURVEY)


def sample_of(file: File, ranges: Sequence[RowRange], schemas: Sequence[FileSchema]) -> FileSample | None:
    """Some of a file's rows and the one of the schemas that most of them have, None where there is no row.

    Raises UnreadableFile where the file is broken or its columns fit no schema.
    """
    if file.format == "parquet":
        schemas = [schema.spelt_as(column_types(file)) for schema in schemas]
    rows = sample_rows(file, ranges, {column for schema in schemas for column in schema.columns})
    objects = [row for _, row in rows if isinstance(row, dict)]
    if not objects:
        if header := csv_header(file) if file.format in ("csv", "tsv") else ():
            # One line is all that this file has, and it may be anything but a header.
            resolve(file.path, dict.fromkeys(header, "empty"), [dict.fromkeys(header)], schemas)
        return None
    schema = resolve(file.path, column_kinds(file, objects), objects, schemas)
    if file.format == "csv":
        check_header(file, schema.columns)
    check_empty_columns(
        file, ranges, [name for name in schema.columns if all(row.get(name) is None for row in objects)]
    )
    return FileSample(file.path, schema, rows)


def _fits_any(schemas: Sequence[FileSchema], row: Mapping[str, object]) -> bool:
    return any(schema.fits(row) for schema in schemas)


def sample_of_head(file: File, schemas: Sequence[FileSchema]) -> FileSample | None:
    """As `sample_of`, of a file's first rows: the rest of it is not looked at where that is not needed to find these.

    Raises UnreadableFile.
    """
    file = with_actual_format(file)
    chunks = chunks_of(file, (), ROWS, partial(_fits_any, schemas))
    return sample_of(file, [range_of(chunk, min(chunk.rows, ROWS), 0) for chunk in chunks[:1]], schemas)


def rows_from_footers(files: Sequence[File]) -> int | None:
    """The rows of Parquet files as their footers tell them, None where a file is of another format."""
    if any(file.format != "parquet" for file in files):
        return None
    return sum(chunk.rows for file in files for chunk in chunks_of(file, (), None))


def groups(files: Sequence[File]) -> list[list[File]]:
    """The files in order, in groups that take about as long to survey as each other; a large file is one by itself."""
    grouped: list[list[File]] = []
    room = 0
    for file in files:
        cost = FOOTER_BYTES if file.format == "parquet" and file.is_remote else file.size
        if not grouped or len(grouped[-1]) == GROUP_FILES or cost > room:
            grouped.append([])
            room = GROUP_BYTES
        grouped[-1].append(file)
        room -= cost
    return grouped


def surveyed_chunks(line: Mapping[str, object]) -> list[Chunk]:
    """The chunks in a line of a survey."""
    found = line["chunks"]
    assert isinstance(found, list)
    return [Chunk.model_validate(chunk) for chunk in found]
