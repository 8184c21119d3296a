"""A sample of a file's rows, from places that are spread over it, and what it tells of the file's columns."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate

from sayso.stages.sources.files import BLOCK, File, open_bytes
from sayso.stages.sources.formats.attached_parquet import rows_and_attached_at
from sayso.stages.sources.formats.json_values import Broken, PartlyBroken
from sayso.stages.sources.formats.parquet_footer import column_types
from sayso.stages.sources.formats.parquet_rows import check_readable
from sayso.stages.sources.formats.readers import json_kind, values_of
from sayso.stages.sources.formats.row_ranges import Chunk, RowRange, range_of
from sayso.stages.sources.stores import UnreadableFile

ROWS = 100
# Characters of a line in a message.
LONGEST_SHOWN = 60
PLACES = 5
# Of a file that is read from its start, the places are among its first rows.
FIRST_ROWS = 10_000
HEAD = (RowRange(rows=ROWS),)


def spread(file: File, chunks: Sequence[Chunk]) -> list[RowRange]:
    """Up to 100 rows of a file for a sample, from places spread evenly over its chunks.

    Of a file that is read from its start only the first 10,000 rows are looked at, unless it is read as a whole anyway.
    """
    rows = sum(chunk.rows for chunk in chunks)
    if file.format in ("csv", "tsv", "transcripts") or file.compression != "none":
        rows = min(rows, FIRST_ROWS)
    if rows <= ROWS:
        return [range_of(chunks[0], rows, 0)] if rows else []
    each = ROWS // PLACES
    starts = [place * (rows - each) // (PLACES - 1) for place in range(PLACES)]
    ends = list(accumulate(chunk.rows for chunk in chunks))
    found = []
    for start in starts:
        number = bisect_right(ends, start)
        chunk = chunks[number]
        found.append(range_of(chunk, each, start - ends[number] + chunk.rows))
    return found


def sample_rows(file: File, ranges: Sequence[RowRange], columns: Collection[str]) -> list[tuple[int, object]]:
    """Number and value of the ranges' rows: a dict where a row is whole; of Parquet with these columns alone.

    Raises UnreadableFile where the file is broken or none of these rows can be read.
    """
    if file.format == "parquet":
        values: list[tuple[int, object]] = [
            *rows_and_attached_at(file, [(row_range.start, row_range.rows) for row_range in ranges], columns)
        ]
    elif file.format in ("jsonl", "json") and file.compression == "none":
        values = [value for row_range in ranges for value in values_of(file, row_range)]
    else:
        wanted = {place for row_range in ranges for place in range(row_range.start, row_range.start + row_range.rows)}
        whole = ranges[0].model_copy(update={"skip": 0, "rows": max(wanted) + 1}) if ranges else RowRange(rows=0)
        before = values_of(file, whole)
        values = [value for place, value in enumerate(before) if place in wanted]
    read = [(number, row.read_by(columns) if isinstance(row, PartlyBroken) else row) for number, row in values]
    if read and not any(isinstance(value, dict) for _, value in read):
        number, fault = next(((number, value) for number, value in read if isinstance(value, Broken)), read[0])
        why = f"{fault.reason}, {fault.detail}" if isinstance(fault, Broken) else f"the row is {json_kind(fault)}"
        raise UnreadableFile(
            f"{file.path}: none of the {len(values)} rows that were looked at can be read as {file.format} (the first "
            f"fault, in row {number}: {why}); {_advice(file)}"
        )
    return values


def _advice(file: File) -> str:
    with open_bytes(file) as stream:
        found = [stream.readline(BLOCK) for _ in range(2)]
    if b"\0" not in b"".join(found) and any(map(_is_undecodable, found)):
        return (
            "where it is text, write it again in UTF-8, as with `iconv -f WINDOWS-1252 -t UTF-8` if it is that, "
            "or leave it out"
        )
    lines = [line.decode("utf-8", "replace").strip() for line in found]
    commas = [line.count(",") for line in lines]
    if file.format != "csv" and commas[0] and all(commas) and not lines[0].startswith(("{", "[", "(")):
        return f"its first line is {lines[0][:LONGEST_SHOWN]!r}, as in a CSV file: give it the suffix .csv"
    return "give the file the suffix of the format that it has, mend it or leave it out"


def _is_undecodable(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def check_empty_columns(file: File, ranges: Sequence[RowRange], columns: Collection[str]) -> None:
    """Raise UnreadableFile where columns that have no value in a sample cannot be read, which only Parquet knows of."""
    if file.format == "parquet":
        there = [name for name in column_types(file) if name in columns]
        check_readable(file, [(row_range.start, row_range.rows) for row_range in ranges], there)


def column_kinds(file: File, rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """The columns of a file, each with its type: the one that Parquet states, or the most common one in `rows`."""
    if file.format == "parquet":
        return column_types(file)
    types: dict[str, Counter[str]] = {}
    for row in rows:
        for column, value in row.items():
            types.setdefault(column, Counter())[type(value).__name__] += 1
    return {column: found.most_common(1)[0][0] for column, found in types.items()}
