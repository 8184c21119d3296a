"""The rows of one file, whatever its format: a sample of them, their cut into spans, and one span read.

Every row has a number that no cut changes: the line in JSON lines, otherwise the row, both 1-based; a CSV
header is no row, and neither are empty lines. A row that cannot be parsed keeps its number and gets a reason.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import polars as pl
import pyarrow
import pyarrow.parquet
from pydantic import BaseModel, ConfigDict

from stages.csv_rows import csv_rows
from stages.files import UTF8_MARK, File, SourceError, open_bytes
from stages.json_arrays import Broken, load_rows, parse

SAMPLE_ROWS = 100
BROKEN_SCHEMA = {"number": pl.Int64, "reason": pl.String, "detail": pl.String}
_BYTES_OF = {pyarrow.string(): pyarrow.binary(), pyarrow.large_string(): pyarrow.large_binary()}


class Span(BaseModel):
    """Consecutive rows of a file: number of the first, how many, and for JSON lines the byte to start at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: int = 1
    rows: int
    offset: int = 0


@dataclass(frozen=True)
class Records:
    """What one span holds.

    `rows`: `number` and the columns asked for, typed where the file has types or all values are text,
    otherwise pl.Object with the parsed JSON. `broken`: `number`, `reason`, `detail` of rows that fail.
    """

    rows: pl.DataFrame
    broken: pl.DataFrame


def sample(file: File) -> dict[str, object]:
    """The columns of a file, each with a value of the type it mostly has among the first 100 rows that parse.

    Raises SourceError where the file is broken or its first rows hold no object.
    """
    if file.format == "parquet":
        return _typical_values(_read_parquet(file, Span(rows=SAMPLE_ROWS), None).rows.drop("number").to_dicts())
    values = [value for _, value in islice(_values(file, Span(rows=sys.maxsize)), SAMPLE_ROWS)]
    objects = [value for value in values if isinstance(value, dict)]
    if values and not objects:
        raise SourceError(f"{file.path}: none of its first {len(values)} rows can be read as {file.format}")
    return _typical_values(objects)


def _typical_values(rows: list[dict[str, object]]) -> dict[str, object]:
    """The first value of the type that a column mostly has: one broken row must not decide for the file."""
    found: dict[str, list[object]] = {}
    for row in rows:
        for column, value in row.items():
            found.setdefault(column, []).extend([] if value is None else [value])
    typical: dict[str, object] = {}
    for column, values in found.items():
        types = Counter(type(value) for value in values)
        typical[column] = next((value for value in values if types[type(value)] == max(types.values())), None)
    return typical


def split(file: File, max_rows: int, max_bytes: int) -> list[Span]:
    """The file's rows as spans of at most `max_rows`; none for a file without rows.

    JSON lines are also cut before a span exceeds `max_bytes` (a single longer line stands alone). Compressed
    JSON lines and CSV are read from the start for each span, a JSON array whole: keep large data otherwise.
    Raises SourceError where the file is broken.
    """
    if file.format == "jsonl":
        return list(_line_spans(file, max_rows, max_bytes))
    total = _count(file)
    return [Span(first=first + 1, rows=min(max_rows, total - first)) for first in range(0, total, max_rows)]


def read(file: File, span: Span, columns: Collection[str]) -> Records:
    """The span's rows with these columns; a column that a row lacks is null in it.

    Raises SourceError where the file is broken beyond single rows.
    """
    if file.format == "parquet":
        return _read_parquet(file, span, columns)
    return _records(_values(file, span), columns)


def _values(file: File, span: Span) -> Iterator[tuple[int, object]]:
    """Number and value of each row: a dict where it is whole, Broken where it is not."""
    if file.format == "jsonl":
        return _line_values(file, span)
    start = span.first - 1
    rows = csv_rows(file) if file.format == "csv" else iter(_array(file))
    return enumerate(islice(rows, start, start + span.rows), start=span.first)


def _records(values: Iterator[tuple[int, object]], columns: Collection[str]) -> Records:
    numbers: list[int] = []
    cells: dict[str, list[object]] = {name: [] for name in columns}
    broken: list[tuple[int, str, str]] = []
    for number, value in values:
        if isinstance(value, dict):
            numbers.append(number)
            for name, column in cells.items():
                column.append(value.get(name))
        elif isinstance(value, Broken):
            broken.append((number, value.reason, value.detail))
        else:
            broken.append((number, "not_an_object", f"the row is {_kind(value)}"))
    rows = [pl.Series("number", numbers, dtype=pl.Int64), *(_column(name, cells[name]) for name in cells)]
    return Records(pl.DataFrame(rows), pl.DataFrame(broken, schema=BROKEN_SCHEMA, orient="row"))


def _kind(value: object) -> str:
    return "null" if value is None else f"a JSON {type(value).__name__}"


def _column(name: str, values: list[object]) -> pl.Series:
    only_text = set(map(type, values)) <= {str, type(None)}
    return pl.Series(name, values, dtype=pl.String if only_text else pl.Object)


def _array(file: File) -> list[object]:
    with open_bytes(file.path, file.compression) as stream:
        return load_rows(file.path, stream.read())


def _line_values(file: File, span: Span) -> Iterator[tuple[int, object]]:
    number, left = span.first, span.rows
    with open_bytes(file.path, file.compression) as stream:
        _skip(stream, span.offset)
        for line in stream:
            if left == 0:
                break
            if line.isspace():
                number += 1
                continue
            yield number, parse(line.removeprefix(UTF8_MARK) if number == 1 else line)
            number += 1
            left -= 1


def _skip(stream: BinaryIO, size: int) -> None:
    if stream.seekable():
        stream.seek(size)
        return
    while size > 0 and (block := stream.read(min(size, 1 << 20))):
        size -= len(block)


def _line_spans(file: File, max_rows: int, max_bytes: int) -> Iterator[Span]:
    first, rows, offset = 1, 0, 0
    number, size = 0, 0
    with open_bytes(file.path, file.compression) as stream:
        for line in stream:
            number += 1
            blank = line.isspace()
            if rows and not blank and (rows == max_rows or size + len(line) > max_bytes):
                yield Span(first=first, rows=rows, offset=offset)
                first, rows, offset, size = number, 0, offset + size, 0
            rows += not blank
            size += len(line)
    if rows:
        yield Span(first=first, rows=rows, offset=offset)


def _parquet(file: File, query: Callable[[pl.LazyFrame], pl.LazyFrame]) -> pl.DataFrame:
    try:
        if file.compression == "none":
            return query(pl.scan_parquet(file.path, glob=False, hive_partitioning=False)).collect()
        with open_bytes(file.path, file.compression) as stream:
            return query(pl.scan_parquet(io.BytesIO(stream.read()))).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceError(
            f"{file.path}: not a whole Parquet file ({error}); fetch or write it again, or leave it out"
        ) from error


def _read_parquet(file: File, span: Span, columns: Collection[str] | None) -> Records:
    """The span of a Parquet file; binary columns become text, and rows in which that fails are broken."""

    def query(frame: pl.LazyFrame) -> pl.LazyFrame:
        names = frame.collect_schema().names()
        return frame.select(_present(names, columns)).slice(span.first - 1, span.rows)

    try:
        rows = _parquet(file, query)
    except SourceError as error:
        if "invalid UTF-8" not in str(error):
            raise
        rows = _text_as_bytes(file, span, columns)
    rows = rows.with_row_index("number", offset=span.first).cast({"number": pl.Int64})
    binary = [name for name, dtype in rows.schema.items() if dtype == pl.Binary]
    decoded = rows.with_columns(_decoded(rows[name]) for name in binary)
    undecodable = pl.Series([False]).new_from_index(0, rows.height)
    for name in binary:
        undecodable |= decoded[name].is_null() & rows[name].is_not_null()
    broken = rows.filter(undecodable).select(
        "number",
        reason=pl.lit("invalid_utf8"),
        detail=pl.lit(f"bytes that are not UTF-8 in {', '.join(binary)}"),
    )
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in columns or () if name not in rows.columns]
    return Records(decoded.filter(~undecodable).with_columns(*missing), broken)


def _decoded(values: pl.Series) -> pl.Series:
    """Bytes as text, null where they are not UTF-8."""
    try:
        return values.cast(pl.String)
    except pl.exceptions.ComputeError:
        return pl.Series(values.name, [_text(value) for value in values.to_list()], dtype=pl.String)


def _text(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _present(names: Collection[str], columns: Collection[str] | None) -> list[str]:
    return [name for name in names if columns is None or name in columns]


def _text_as_bytes(file: File, span: Span, columns: Collection[str] | None) -> pl.DataFrame:
    """The span with text columns as bytes: Polars refuses the whole of a file in which any is not UTF-8."""
    try:
        with open_bytes(file.path, file.compression) as stream:
            source = pyarrow.parquet.ParquetFile(io.BytesIO(stream.read()))
            table = source.read(columns=_present(source.schema_arrow.names, columns))
        fields = [field.with_type(_BYTES_OF.get(field.type, field.type)) for field in table.schema]
        untyped = table.slice(span.first - 1, span.rows).cast(pyarrow.schema(fields))
        untyped.validate(full=True)
    except pyarrow.ArrowException as error:
        raise SourceError(f"{file.path}: text that is not UTF-8 inside a list or struct ({error})") from error
    return pl.DataFrame(pl.from_arrow(untyped))


def _count(file: File) -> int:
    if file.format == "parquet":
        return int(_parquet(file, lambda frame: frame.select(pl.len())).item())
    if file.format == "csv":
        return sum(1 for _ in csv_rows(file))
    return len(_array(file))
