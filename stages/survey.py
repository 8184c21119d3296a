"""Survey a source's files before any row is read: format, content, schema, and where the rows lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl

from stages.files import File, as_it_is, content_of, with_checks
from stages.parquet_rows import layout
from stages.readers import Block, blocks, column_kinds, sample
from stages.schemas import Schema, SchemaName, candidates, resolve

# One line for each file, in the order of the files. `schema` is a Schema as JSON, null for a file without rows;
# `checks` are hashes of its blocks, none for a remote file.
SURVEY: dict[str, pl.DataType | type[pl.DataType]] = {
    "name": pl.String,
    "format": pl.String,
    "content": pl.String,
    "checks": pl.String,
    "schema": pl.String,
    "rows": pl.Int64,
    "blocks": pl.List(pl.Struct({"first": pl.Int64, "rows": pl.Int64, "offset": pl.Int64, "bytes": pl.Int64})),
}

# Of so many files, or of files with so many bytes to read, one job makes the survey.
GROUP_FILES = 500
GROUP_BYTES = 256 << 20
FOOTER_BYTES = 1 << 20


def survey(
    files: Sequence[File], schema: SchemaName | Literal["auto"], columns: Mapping[str, str], limit: int | None
) -> pl.DataFrame:
    """What the files hold, as a table of `SURVEY`; with a limit only the first files that hold so many rows.

    Local files are read once to hash them, and all that is not Parquet once to find its rows. Raises SourceError where
    a file is broken or its columns fit no schema.
    """
    schemas = candidates(files[0].path, schema, columns) if files else []
    known: dict[str, Schema | None] = {}
    lines: list[dict[str, object]] = []
    left = limit
    for found in files:
        if left is not None and left <= 0:
            break
        # First the hashes: what is then found out is of the very bytes that have them.
        file = as_it_is(with_checks(found))
        mapping = _known_schema(file, schemas, known)
        lie = blocks(file, mapping.columns if mapping else (), left)
        rows = sum(block.rows for block in lie)
        left = None if left is None else left - rows
        lines.append(
            {
                "name": file.name,
                "format": file.format,
                "content": content_of(file),
                "checks": file.checks,
                "schema": mapping.model_dump_json() if mapping and rows else None,
                "rows": rows,
                "blocks": [block.model_dump() for block in lie],
            }
        )
    return pl.DataFrame(lines, schema=SURVEY)


def _known_schema(file: File, schemas: Sequence[Schema], known: dict[str, Schema | None]) -> Schema | None:
    """The schema of a file, None where it has no row; Parquet files of one layout are looked into once."""
    key = layout(file) if file.format == "parquet" else file.path
    if known.get(key) is None:
        known[key] = schema_of(file, schemas)
    return known[key]


def schema_of(file: File, schemas: Sequence[Schema]) -> Schema | None:
    """The one of the schemas that the first rows of a file have, None where there is no row.

    Raises SourceError where its columns fit no schema.
    """
    rows = sample(file, {column for schema in schemas for column in schema.columns})
    return resolve(file.path, column_kinds(file, rows), rows, schemas) if rows else None


def rows_from_footers(files: Sequence[File]) -> int | None:
    """The rows of Parquet files as their footers tell them, None where a file is of another format."""
    if any(file.format != "parquet" for file in files):
        return None
    return sum(block.rows for file in files for block in blocks(file, (), None))


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


def blocks_of(line: Mapping[str, object]) -> list[Block]:
    """The blocks in a line of a survey."""
    found = line["blocks"]
    assert isinstance(found, list)
    return [Block.model_validate(block) for block in found]
