"""The rows of files, whatever their format: where they lie, and spans of them read.

Every row has a number that no cut changes: the line in JSON lines, otherwise the row, both 1-based; a CSV
header is no row, and neither are empty lines. A row that cannot be parsed keeps its number and gets a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import BinaryIO

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict

from sayso.stages.sources.files import UTF8_MARK, File, all_bytes, open_bytes
from sayso.stages.sources.formats.csv_rows import csv_rows
from sayso.stages.sources.formats.json_arrays import Broken, bounded, load_rows, parse
from sayso.stages.sources.formats.json_lines import lines
from sayso.stages.sources.formats.parquet_footer import column_types, row_group_sizes
from sayso.stages.sources.formats.parquet_rows import parquet_rows
from sayso.stages.sources.limits import large_row
from sayso.stages.sources.stores import UnreadableFile

PLACES = {"piece": pl.Int64, "number": pl.Int64}
BROKEN_SCHEMA = {**PLACES, "reason": pl.String, "detail": pl.String}
BLOCK_ROWS = 1_000
BLOCK_BYTES = 1 << 20
# What is packed is about so many times as large.
PACKED = 4


class Block(BaseModel):
    """Consecutive rows of a file that can be reached without reading those before.

    The number of the first row, how many there are, for JSON lines the byte that they start at, and how many
    bytes of memory they take.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: int
    rows: int
    offset: int
    bytes: int


class Span(BaseModel):
    """Consecutive rows of a file: from a block's first number and byte on, `skip` rows are passed, `rows` read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: int = 1
    rows: int
    offset: int = 0
    skip: int = 0

    @property
    def start(self) -> int:
        """How many numbers come before the first row, where each row has one."""
        return self.first - 1 + self.skip


@dataclass(frozen=True)
class Records:
    """What spans hold.

    `rows`: the columns asked for, typed where the file has types or all values are text, otherwise pl.Object with the
    parsed JSON. `places`: of each row, `piece` (which of the spans, from 0) and `number`. `broken`: `piece`, `number`,
    `reason`, `detail` of rows that fail. `whole(which, columns)`: the values of some of the rows, with columns that
    were not asked for; they are kept where rows are parsed one by one, and read again where they are not.
    """

    places: pl.DataFrame
    rows: pl.DataFrame
    broken: pl.DataFrame
    whole: Callable[[Sequence[int], Collection[str]], list[Mapping[str, object]]]


def blocks(file: File, columns: Collection[str], most: int | None) -> list[Block]:
    """Where the file's rows lie; none for a file without rows. `most`: so many rows are enough, all for None.

    Of Parquet only the footer is read, a block is a row group and its bytes are those of these columns. JSON lines are
    read once, a block being about a thousand. CSV, JSON arrays and what is compressed can only be read from their
    start: they are one block, of which every span costs a reading from there. Raises SourceError where the file
    is broken.
    """
    packed = file.compression != "none"
    if file.format in ("parquet", "jsonl"):
        found = list(_row_groups(file, columns) if file.format == "parquet" else _line_blocks(file, most))
        rows, size = sum(block.rows for block in found), sum(block.bytes for block in found)
        if not packed:
            return found
    else:
        one_by_one = islice(csv_rows(file), most) if file.format == "csv" else load_rows(file, all_bytes(file))
        rows = sum(1 for _ in one_by_one)
        size = file.size * (PACKED if packed else 1)
    return [Block(first=1, rows=rows, offset=0, bytes=size)] if rows else []


def read(pieces: Sequence[tuple[File, Span]], columns: Collection[str]) -> list[Records]:
    """The spans' rows with these columns, null where a row lacks one; several spans together where they are alike.

    Raises SourceError where a file is broken beyond single rows.
    """
    found: list[Records] = []
    for is_parquet, alike in groupby(enumerate(pieces), key=lambda piece: piece[1][0].format == "parquet"):
        numbered = [(piece, file, span) for piece, (file, span) in alike]
        if is_parquet:
            found += _typed_records(numbered, columns)
        else:
            found.append(records(((piece, values_of(file, span)) for piece, file, span in numbered), columns))
    return found


def values_of(file: File, span: Span) -> Iterator[tuple[int, object]]:
    """Number and value of each row: a dict where it is whole, Broken where it is not."""
    if file.format == "jsonl":
        return _line_values(file, span)
    end = span.start + span.rows
    rows = islice(csv_rows(file), span.start, end) if file.format == "csv" else _elements(file, span.start, end)
    return enumerate(rows, start=span.start + 1)


def records(pieces: Iterable[tuple[int, Iterable[tuple[int, object]]]], columns: Collection[str]) -> Records:
    """The records of rows that are parsed already: pieces, each with number and value of its rows."""
    numbers: list[int] = []
    heights: list[tuple[int, int]] = []
    whole: list[Mapping[str, object]] = []
    broken: list[tuple[int, int, str, str]] = []
    for piece, values in pieces:
        before = len(whole)
        for number, value in values:
            if isinstance(value, dict):
                numbers.append(number)
                whole.append(value)
            elif isinstance(value, Broken):
                broken.append((piece, number, value.reason, value.detail))
            else:
                broken.append((piece, number, "not_an_object", f"the row is {_kind(value)}"))
        heights.append((piece, len(whole) - before))
    of_piece = np.repeat([piece for piece, _ in heights], [height for _, height in heights])
    return Records(
        pl.DataFrame({"piece": of_piece, "number": numbers}, schema=PLACES),
        pl.DataFrame(columns_of(whole, columns)),
        pl.DataFrame(broken, schema=BROKEN_SCHEMA, orient="row"),
        lambda which, _: [whole[row] for row in which],
    )


def columns_of(rows: Sequence[Mapping[str, object]], names: Collection[str]) -> list[pl.Series]:
    """These columns of parsed rows, null where a row lacks one."""
    return [_column(name, [row.get(name) for row in rows]) for name in names]


def _kind(value: object) -> str:
    return "null" if value is None else f"a JSON {type(value).__name__}"


def _column(name: str, values: list[object]) -> pl.Series:
    only_text = set(map(type, values)) <= {str, type(None)}
    return pl.Series(name, values, dtype=pl.String if only_text else pl.Object)


def _elements(file: File, start: int, end: int) -> list[object]:
    """Rows of a JSON document; one that is larger than a row may be is Broken."""
    data, most = all_bytes(file), file.limits.row_bytes
    rows = load_rows(file, data)[start:end]
    return rows if len(data) <= most else bounded(rows, most)


def _line_values(file: File, span: Span) -> Iterator[tuple[int, object]]:
    before, most = span.first - 1, file.limits.row_bytes
    with open_bytes(file) as stream:
        _skip(stream, span.offset)
        for place, _, size, content in islice(lines(file, stream), span.skip, span.skip + span.rows):
            number = before + place
            if content is None:
                yield number, Broken(*large_row(size, most))
            else:
                yield number, parse(content.removeprefix(UTF8_MARK) if number == 1 else content)


def _skip(stream: BinaryIO, size: int) -> None:
    if stream.seekable():
        stream.seek(size)
        return
    while size > 0 and (block := stream.read(min(size, 1 << 20))):
        size -= len(block)


def _line_blocks(file: File, most: int | None) -> Iterator[Block]:
    first, rows, start, end = 1, 0, 0, 0
    with open_bytes(file) as stream:
        for number, offset, size, _ in lines(file, stream):
            if rows and (rows == BLOCK_ROWS or offset + size - start > BLOCK_BYTES):
                yield Block(first=first, rows=rows, offset=start, bytes=offset - start)
                most = None if most is None else most - rows
                if most is not None and most <= 0:
                    return
                first, rows, start = number, 0, offset
            rows += 1
            end = offset + size
    if rows:
        yield Block(first=first, rows=rows, offset=start, bytes=end - start)


def _row_groups(file: File, columns: Collection[str]) -> Iterator[Block]:
    first = 1
    for rows, size in row_group_sizes(file, columns):
        if rows:
            yield Block(first=first, rows=rows, offset=0, bytes=size)
        first += rows


def _typed_records(pieces: Sequence[tuple[int, File, Span]], columns: Collection[str]) -> Iterator[Records]:
    """Rows of Parquet files, those with columns of the same types together, in order."""
    read = ((piece, file, span, *parquet_rows(file, span.start, span.rows, columns)) for piece, file, span in pieces)
    for _, alike in groupby(read, key=lambda each: list(each[3].schema.items())):
        parts = list(alike)
        heights = [faults.height for *_, faults in parts]
        starts = [span.start + 1 for _, _, span, _, _ in parts]
        places = pl.DataFrame(
            {
                "piece": np.repeat([piece for piece, *_ in parts], heights),
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
        spans = {piece: (file, span) for piece, file, span, _, _ in parts}
        yield Records(places, rows, broken, partial(_reread, spans, places, rows))


def _reread(
    spans: Mapping[int, tuple[File, Span]],
    places: pl.DataFrame,
    rows: pl.DataFrame,
    which: Sequence[int],
    columns: Collection[str],
) -> list[Mapping[str, object]]:
    """Some of the rows, with those of the columns which their files have beside, where these can be read."""
    found: list[Mapping[str, object]] = []
    wanted = places[which].with_columns(row=pl.Series(which, dtype=pl.Int64))
    for (piece,), part in wanted.group_by("piece", maintain_order=True):
        file, span = spans[piece]
        beside = [name for name in column_types(file) if name in columns and name not in rows.columns]
        values: Sequence[Mapping[str, object]] = rows[part["row"]].to_dicts()
        if beside:
            with suppress(UnreadableFile):
                more = parquet_rows(file, span.start, span.rows, beside)[0][part["number"] - span.start - 1]
                values = [{**one, **other} for one, other in zip(values, more.to_dicts(), strict=True)]
        found += values
    return found
