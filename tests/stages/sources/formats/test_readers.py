"""The same rows from every format and compression, cut anywhere, whatever is broken around them."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
import zstandard

from sayso.stages.ingest.shards import even_shards
from sayso.stages.sources.file_samples import HEAD, column_kinds, sample_rows
from sayso.stages.sources.files import File
from sayso.stages.sources.formats.readers import chunks_of, read
from sayso.stages.sources.formats.row_ranges import RowRange
from sayso.stages.sources.listing import list_files
from sayso.stages.sources.stores import SourceError

ROWS = [{"question": f'Why,\n"{i}"?', "answer": f"Because é{i}."} for i in range(25)]
PACK: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}


def as_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_parquet(rows: list[dict[str, str]]) -> bytes:
    data = io.BytesIO()
    pl.DataFrame(rows).write_parquet(data, row_group_size=4)
    return data.getvalue()


WRITE: dict[str, Callable[[list[dict[str, str]]], bytes]] = {
    "csv": as_csv,
    "json": lambda rows: json.dumps(rows, indent=1).encode(),
    "jsonl": lambda rows: b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\r\n" for row in rows),
    "parquet": as_parquet,
}


def file_of(path: Path, data: bytes) -> File:
    path.write_bytes(data)
    (file,) = list_files([path.name], path.parent)
    return file


def columns(file: File) -> list[str]:
    return list(column_kinds(file, [row for _, row in sample_rows(file, HEAD, ()) if isinstance(row, dict)]))


def row_ranges(file: File, max_rows: int) -> list[RowRange]:
    """The file cut into shards of so many rows at most."""
    return [
        row_range
        for ((_, row_range),) in even_shards([file], [chunks_of(file, columns(file), None)], max_rows, 1 << 30)
    ]


def rows_and_faults(file: File, max_rows: int) -> tuple[list[tuple[object, ...]], ...]:
    """Every range of the file read on its own, and put together again: number and columns, number and reason."""
    records = [(row_range, read([(file, row_range)], columns(file))) for row_range in row_ranges(file, max_rows)]
    parts = [part for _, (part,) in records]
    assert [row_range.rows for row_range, _ in records] == [part.places.height + part.broken.height for part in parts]
    return [row for part in parts for row in part.places.select("number").hstack(part.rows).rows()], [
        row for part in parts for row in part.broken.drop("slice").rows()
    ]


@pytest.mark.parametrize("format", WRITE)
@pytest.mark.parametrize("suffix", PACK)
def test_every_format_and_compression_gives_the_same_rows_however_it_is_cut(
    tmp_path: Path, format: str, suffix: str
) -> None:
    file = file_of(tmp_path / f"rows.{format}{suffix}", PACK[suffix](WRITE[format](ROWS)))
    expected = [(i, row["question"], row["answer"]) for i, row in enumerate(ROWS, start=1)]
    for max_rows in (1, 7, 25, 1000):
        assert rows_and_faults(file, max_rows) == (expected, [])
        freely = not suffix and format in ("jsonl", "json", "parquet")
        assert len(row_ranges(file, max_rows)) == min(-(-len(ROWS) // max_rows), 25 if freely else 8)
    assert sample_rows(file, HEAD, ROWS[0]) == list(enumerate(ROWS, start=1))


LINES = [
    b'\xef\xbb\xbf{"a": "1"}',
    b"",
    b'{"a": "3"',
    b'{"a": "\xff"}',
    b"[1]",
    b"null",
    b"  ",
    b'{"b": "8"}',
    b'{"a": {"x": 9}}',
    b'{"a": nan}',
    b'{"a": "11"}',
]


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("max_rows", [1, 2, 3, 100])
def test_a_broken_line_costs_itself_and_keeps_its_number(tmp_path: Path, suffix: str, max_rows: int) -> None:
    file = file_of(tmp_path / f"rows.jsonl{suffix}", PACK[suffix](b"\n".join(LINES)))
    rows, broken = rows_and_faults(file, max_rows)
    assert [row[0] for row in rows] == [1, 8, 9, 11]
    assert [(number, reason) for number, reason, _ in broken] == [
        (3, "invalid_json"),
        (4, "invalid_utf8"),
        (5, "not_an_object"),
        (6, "not_an_object"),
        (10, "invalid_json"),
    ]
    assert all(detail for _, _, detail in broken)


def test_values_of_any_type_come_through(tmp_path: Path) -> None:
    values: list[object] = ["text", 3, 2.5, None, True, {"k": [1]}, ["x"]]
    file = file_of(tmp_path / "rows.jsonl", b"".join(json.dumps({"a": value}).encode() + b"\n" for value in values))
    (records,) = read([(file, RowRange(rows=len(values)))], ["a", "missing"])
    assert records.rows["a"].to_list() == values
    assert records.rows["missing"].null_count() == len(values)


@pytest.mark.parametrize("max_rows", [1, 2, 100])
def test_a_csv_row_with_a_fault_costs_itself(tmp_path: Path, max_rows: int) -> None:
    data = b'\xef\xbb\xbfa,b\n1,x\n2\n\n3,y,z\n4,"q"w\n5,\xff\n6,"two\nlines"\n'
    rows, broken = rows_and_faults(file_of(tmp_path / "rows.csv", data), max_rows)
    assert rows == [(1, "1", "x"), (6, "6", "two\nlines")]
    assert [(number, reason) for number, reason, _ in broken] == [
        (2, "invalid_csv"),
        (3, "invalid_csv"),
        (4, "invalid_csv"),
        (5, "invalid_utf8"),
    ]
    assert broken[3][2] == "bytes that are not UTF-8 in b"


def test_a_csv_quote_that_never_closes_is_an_error(tmp_path: Path) -> None:
    file = file_of(tmp_path / "rows.csv", b'a,b\n1,x\n2,"open\n3,y\n')
    with pytest.raises(SourceError, match=r"rows\.csv: a quote opened in the row at line 3 is never closed"):
        chunks_of(file, [], None)


def test_a_csv_column_whose_name_is_not_utf8_costs_no_row(tmp_path: Path) -> None:
    file = file_of(tmp_path / "rows.csv", b"a,b\xff\n1,x\n")
    (records,) = read([(file, RowRange(rows=1))], ["a"])
    assert records.rows["a"].to_list() == ["1"]
    assert columns(file) == ["a", "b\N{REPLACEMENT CHARACTER}"]


def test_a_long_csv_cell_is_no_fault(tmp_path: Path) -> None:
    file = file_of(tmp_path / "rows.csv", b"a\n" + b"x" * 300_000 + b"\n")
    assert rows_and_faults(file, 10) == ([(1, "x" * 300_000)], [])


def test_a_parquet_file_cut_short_or_overwritten_is_an_error_that_names_it(tmp_path: Path) -> None:
    whole = as_parquet(ROWS)
    for data in (whole[: len(whole) // 2], b"", b"PAR1 but nothing else"):
        with pytest.raises(SourceError, match=r"rows\.parquet: not a whole Parquet file"):
            chunks_of(file_of(tmp_path / "rows.parquet", data), [], None)
    file = file_of(tmp_path / "rows.parquet", whole[:20] + b"\0" * 60 + whole[80:])
    with pytest.raises(SourceError, match=r"rows\.parquet: not a whole Parquet file"):
        read([(file, RowRange(rows=25))], ["question", "answer"])


@pytest.mark.parametrize("max_rows", [1, 2, 100])
def test_parquet_text_that_is_not_utf8_costs_its_row(tmp_path: Path, max_rows: int) -> None:
    texts = pa.array([b"ok", b"bad \xff", None, b"fine"])
    for column in (texts.view(pa.string()), texts):
        table = pa.table({"a": column, "n": [1, 2, 3, 4]})
        pyarrow.parquet.write_table(table, tmp_path / "rows.parquet")
        (file,) = list_files(["."], tmp_path)
        rows, broken = rows_and_faults(file, max_rows)
        assert rows == [(1, "ok", 1), (3, None, 3), (4, "fine", 4)]
        assert [(number, reason) for number, reason, _ in broken] == [(2, "invalid_utf8")]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.csv", "rows.jsonl.gz"])
def test_a_file_without_rows_has_no_spans(tmp_path: Path, name: str) -> None:
    data = {"rows.csv": b"a,b\n"}.get(name, b"\n\n")
    assert chunks_of(file_of(tmp_path / name, gzip.compress(data) if name.endswith("gz") else data), [], None) == []


def test_lines_that_hold_no_object_are_not_json_lines(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"rows\.jsonl: none of the 3 rows that were looked at can be read as jsonl"):
        sample_rows(file_of(tmp_path / "rows.jsonl", b"[\n1,\n2]\n"), HEAD, ())
