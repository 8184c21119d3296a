"""The rows of files, whatever their format: where they lie, and ranges of them read.

Every row has a number that no cut changes: the line in JSON lines, otherwise the row, both 1-based; a CSV
header is no row, and neither are empty lines. A row that cannot be parsed keeps its number and gets a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice

import numpy as np
import polars as pl

from sayso.stages.sources.files import UTF8_MARK, File, open_bytes, skip
from sayso.stages.sources.formats.attached_parquet import attached_texts, rows_and_attached
from sayso.stages.sources.formats.csv_rows import csv_rows
from sayso.stages.sources.formats.json_documents import IsRow, start_of_rows
from sayso.stages.sources.formats.json_elements import Start, pieces_from
from sayso.stages.sources.formats.json_lines import lines
from sayso.stages.sources.formats.json_survey import stretches
from sayso.stages.sources.formats.json_values import Broken, PartlyBroken, parse
from sayso.stages.sources.formats.parquet_footer import column_types, row_group_sizes
from sayso.stages.sources.formats.parquet_rows import parquet_rows
from sayso.stages.sources.formats.row_ranges import Chunk, RowRange
from sayso.stages.sources.formats.transcripts import transcripts
from sayso.stages.sources.limits import large_row
from sayso.stages.sources.schemas.columns.attached_columns import attached_columns
from sayso.stages.sources.schemas.columns.column_names import plain_name
from sayso.stages.sources.stores import UnreadableFile

PLACES = {"slice": pl.Int64, "number": pl.Int64}
BROKEN_SCHEMA = {**PLACES, "reason": pl.String, "detail": pl.String}
CHUNK_ROWS = 1_000
CHUNK_BYTES = 1 << 20
# What is packed is about so many times as large.
PACKED = 4
# The formats whose rows are read one after the other from the start of the file.
_STREAMED: Mapping[str, Callable[[File], Iterator[object]]] = {
    "csv": csv_rows,
    "tsv": csv_rows,
    "transcripts": transcripts,
}


@dataclass(frozen=True)
class ReadRows:
    """What slices of files hold.

    `rows`: the columns asked for, and those that are attached to what is asked; typed where the file has types or all
    values are text, otherwise pl.Object with the parsed JSON. `places`: of each row, `slice` (which, from 0) and
    `number`. `broken`: `slice`, `number`, `reason`, `detail` of rows that fail. `whole(which, columns)`: the values of
    some of the rows, with columns that were not asked for; they are kept where rows are parsed one by one, and read
    again where they are not.
    """

    places: pl.DataFrame
    rows: pl.DataFrame
    broken: pl.DataFrame
    whole: Callable[[Sequence[int], Collection[str]], list[Mapping[str, object]]]


def no_row(document: Mapping[str, object]) -> bool:
    """For a JSON document that is one object: it is no row by itself."""
    return False


def chunks_of(file: File, columns: Collection[str], most: int | None, is_row: IsRow = no_row) -> list[Chunk]:
    """Where the file's rows lie; none for a file without rows. `most`: so many rows are enough, all for None.

    Of Parquet only the footer is read, a chunk is a row group and its bytes are those of these columns. JSON lines and
    arrays are read once, a chunk being about a thousand rows or a MiB; `is_row` says of a document that is an object
    whether it is a row by itself. CSV and what is compressed can only be read from the start: that is one chunk, of
    which every range costs a reading from there. Raises SourceError where the file is broken.
    """
    if file.rows_at and file.format != "json":
        raise UnreadableFile(
            f"{file.path}: `rows_at` of its source names a list inside a JSON document, and this is {file.format}, in "
            "which rows are no list; take `rows_at` out, or name the file in a source of its own"
        )
    if streamed := _STREAMED.get(file.format):
        rows = sum(1 for _ in islice(streamed(file), most))
        found = [Chunk(first=1, rows=rows, offset=0, bytes=file.size)] if rows else []
    elif file.format == "json":
        found = list(_array_chunks(file, most, is_row))
    else:
        found = list(_row_groups(file, columns) if file.format == "parquet" else _line_chunks(file, most))
    if file.compression == "none" or not found:
        return found
    rows, size = sum(chunk.rows for chunk in found), sum(chunk.bytes for chunk in found)
    packed = size if file.format in ("parquet", "jsonl") else file.size * PACKED
    return [found[0].model_copy(update={"first": 1, "rows": rows, "bytes": packed})]


def read(slices: Sequence[tuple[File, RowRange]], columns: Collection[str]) -> list[ReadRows]:
    """The slices' rows with these columns, null where a row lacks one; several slices together where they are alike.

    Raises SourceError where a file is broken beyond single rows.
    """
    found: list[ReadRows] = []
    for is_parquet, alike in groupby(enumerate(slices), key=lambda each: each[1][0].format == "parquet"):
        numbered = [(number, file, row_range) for number, (file, row_range) in alike]
        if is_parquet:
            found += _parquet_rows(numbered, columns)
        else:
            values = ((number, values_of(file, row_range)) for number, file, row_range in numbered)
            found.append(parsed_rows(values, columns))
    return found


def values_of(file: File, row_range: RowRange) -> Iterator[tuple[int, object]]:
    """Number and value of each row: a dict where it is whole, Broken where it is not."""
    if file.format == "jsonl":
        return _line_values(file, row_range)
    if file.format == "json":
        return _array_values(file, row_range)
    end = row_range.start + row_range.rows
    return enumerate(islice(_STREAMED[file.format](file), row_range.start, end), start=row_range.start + 1)


def numbers_of(file: File, row_range: RowRange) -> Iterable[int]:
    """The number of each row, which is found out without looking into any."""
    if file.format != "jsonl":
        return range(row_range.start + 1, row_range.start + row_range.rows + 1)
    with open_bytes(file) as stream:
        skip(stream, row_range.offset)
        found = islice(lines(file, stream), row_range.skip, row_range.skip + row_range.rows)
        return [row_range.first - 1 + place for place, *_ in found]


def parsed_rows(slices: Iterable[tuple[int, Iterable[tuple[int, object]]]], columns: Collection[str]) -> ReadRows:
    """The rows of slices that are parsed already: number of each, each with number and value of its rows."""
    numbers: list[int] = []
    heights: list[tuple[int, int]] = []
    whole: list[Mapping[str, object]] = []
    broken: list[tuple[int, int, str, str]] = []
    for slice_number, values in slices:
        before = len(whole)
        for number, found in values:
            value = found.read_by(columns) if isinstance(found, PartlyBroken) else found
            if isinstance(value, dict):
                numbers.append(number)
                whole.append(value)
            elif isinstance(value, Broken):
                broken.append((slice_number, number, value.reason, value.detail))
            else:
                broken.append((slice_number, number, "not_an_object", f"the row is {json_kind(value)}"))
        heights.append((slice_number, len(whole) - before))
    slice_numbers = np.repeat([slice_number for slice_number, _ in heights], [height for _, height in heights])
    return ReadRows(
        pl.DataFrame({"slice": slice_numbers, "number": numbers}, schema=PLACES),
        table_of(whole, columns),
        pl.DataFrame(broken, schema=BROKEN_SCHEMA, orient="row"),
        lambda which, _: [whole[row] for row in which],
    )


def table_of(rows: Sequence[Mapping[str, object]], columns: Collection[str]) -> pl.DataFrame:
    """These columns of parsed rows and those that are attached, null where a row lacks one."""
    # Rows have few columns of the many that may be asked for: these alone are looked for in each row.
    there: set[str] = set().union(*rows)
    attached = attached_columns(sorted(there), columns)
    empty = pl.repeat(None, len(rows), dtype=pl.String, eager=True)
    return pl.DataFrame(
        [
            _column(name, [row.get(name) for row in rows]) if name in there else empty.alias(name)
            for name in (*columns, *attached)
        ]
    )


def json_kind(value: object) -> str:
    """What a value is, in words."""
    return "null" if value is None else f"a JSON {type(value).__name__}"


def _column(name: str, values: list[object]) -> pl.Series:
    only_text = set(map(type, values)) <= {str, type(None)}
    return pl.Series(name, values, dtype=pl.String if only_text else pl.Object)


def _array_values(file: File, row_range: RowRange) -> Iterator[tuple[int, object]]:
    """Rows of a JSON document; one that is larger than a row may be is Broken."""
    start = Start(row_range.parting, row_range.offset)
    if start == Start("brackets", 0):
        start = start_of_rows(file, no_row)
    number, end = row_range.first, row_range.start + row_range.rows
    with open_bytes(file) as stream:
        skip(stream, start.offset)
        for piece in pieces_from(file, stream, start):
            first, after = max(number, row_range.start + 1), min(number + piece.rows, end + 1)
            if first < after:
                found = piece.cut(first - number, after - number).values(file.limits.row_bytes)
                yield from enumerate(found, start=first)
            number += piece.rows
            if number > end:
                return


def _line_values(file: File, row_range: RowRange) -> Iterator[tuple[int, object]]:
    before, most = row_range.first - 1, file.limits.row_bytes
    with open_bytes(file) as stream:
        skip(stream, row_range.offset)
        for place, _, size, content in islice(lines(file, stream), row_range.skip, row_range.skip + row_range.rows):
            number = before + place
            if content is None:
                yield number, Broken(*large_row(size, most))
            else:
                yield number, parse(content.removeprefix(UTF8_MARK) if number == 1 else content)


def _array_chunks(file: File, most: int | None, is_row: IsRow) -> Iterator[Chunk]:
    first = 1
    start, found = stretches(file, start_of_rows(file, is_row), most)
    for offset, rows, size in found:
        yield Chunk(first=first, rows=rows, offset=offset, bytes=size, parting=start.parting)
        first += rows


def _line_chunks(file: File, most: int | None) -> Iterator[Chunk]:
    first, rows, start, end = 1, 0, 0, 0
    with open_bytes(file) as stream:
        for number, offset, size, _ in lines(file, stream):
            if rows and (rows == CHUNK_ROWS or offset + size - start > CHUNK_BYTES):
                yield Chunk(first=first, rows=rows, offset=start, bytes=offset - start)
                most = None if most is None else most - rows
                if most is not None and most <= 0:
                    return
                first, rows, start = number, 0, offset
            rows += 1
            end = offset + size
    if rows:
        yield Chunk(first=first, rows=rows, offset=start, bytes=end - start)


def _row_groups(file: File, columns: Collection[str]) -> Iterator[Chunk]:
    first = 1
    for rows, size in row_group_sizes(file, (*columns, *attached_texts(file, columns))):
        if rows:
            yield Chunk(first=first, rows=rows, offset=0, bytes=size)
        first += rows


def _parquet_rows(slices: Sequence[tuple[int, File, RowRange]], columns: Collection[str]) -> Iterator[ReadRows]:
    """Rows of Parquet files, those with columns of the same types together, in order."""
    found = (
        (number, file, row_range, *rows_and_attached(file, row_range.start, row_range.rows, columns))
        for number, file, row_range in slices
    )
    for _, alike in groupby(found, key=lambda each: list(each[3].schema.items())):
        parts = list(alike)
        heights = [faults.height for *_, faults in parts]
        starts = [row_range.start + 1 for _, _, row_range, _, _ in parts]
        places = pl.DataFrame(
            {
                "slice": np.repeat([number for number, *_ in parts], heights),
                "number": np.concatenate(
                    [np.arange(height) + start for height, start in zip(heights, starts, strict=True)]
                ),
            },
            schema=PLACES,
        )
        faults = pl.concat([faults for *_, faults in parts])
        missing = [pl.lit(None, dtype=pl.String).alias(name) for name in columns if name not in parts[0][3].columns]
        bad = faults["reason"].is_not_null()
        rows = pl.concat([rows for _, _, _, rows, _ in parts]).with_columns(*missing)
        broken = places.hstack(faults).filter(bad)
        if bad.any():
            rows, places = rows.filter(~bad), places.filter(~bad)
        sources = {number: (file, row_range) for number, file, row_range, _, _ in parts}
        yield ReadRows(places, rows, broken, partial(_reread, sources, places, rows))


def _reread(
    sources: Mapping[int, tuple[File, RowRange]],
    places: pl.DataFrame,
    rows: pl.DataFrame,
    which: Sequence[int],
    columns: Collection[str],
) -> list[Mapping[str, object]]:
    """Some of the rows, with those of the columns which their files have beside, where these can be read."""
    found: list[Mapping[str, object]] = []
    asked = set(map(plain_name, columns))
    wanted = places[which].with_columns(row=pl.Series(which, dtype=pl.Int64))
    for (slice_number,), part in wanted.group_by("slice", maintain_order=True):
        file, row_range = sources[slice_number]
        beside = [name for name in column_types(file) if plain_name(name) in asked and name not in rows.columns]
        values: Sequence[Mapping[str, object]] = rows[part["row"]].to_dicts()
        if beside:
            with suppress(UnreadableFile):
                more = parquet_rows(file, row_range.start, row_range.rows, beside)[0][
                    part["number"] - row_range.start - 1
                ]
                values = [{**one, **other} for one, other in zip(values, more.to_dicts(), strict=True)]
        found += values
    return found
