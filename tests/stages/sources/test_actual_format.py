"""Files that are something else than their name says: read as what they are, or refused with what to do."""

import gzip
import io
import json
from pathlib import Path

import polars as pl
import pytest
import zstandard

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError

ROWS = [{"question": f"Why {number}?", "answer": f"Because {number}."} for number in range(3)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
ARRAY = json.dumps(ROWS).encode()


def parquet() -> bytes:
    data = io.BytesIO()
    pl.DataFrame(ROWS).write_parquet(data)
    return data.getvalue()


def answers(path: Path, data: bytes, **keys: object) -> list[str]:
    path.write_bytes(data)
    source = Source.model_validate({"name": "s", "paths": [path.name], **keys})
    return [answer for shard in plan_shards(source, path.parent) for answer in ingest(shard).rows["answer"]]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rows.jsonl", ARRAY),
        ("rows.jsonl", json.dumps(ROWS, indent=1).encode()),
        ("rows.csv", LINES),
        ("rows.csv", ARRAY),
        ("rows.parquet", LINES),
        ("rows.json", LINES.replace(b"\n", b"\n\n")),
        ("rows.json", b"\xef\xbb\xbf" + LINES),
        ("rows.jsonl", gzip.compress(LINES)),
        ("rows.json", zstandard.compress(ARRAY)),
        ("rows.jsonl.gz", LINES),
        ("rows.jsonl", parquet()),
        ("rows.json", gzip.compress(parquet())),
        ("rows.jsonl", LINES.replace(b"}", b', "score": NaN}')),
    ],
)
def test_a_file_is_read_as_what_it_certainly_is(tmp_path: Path, name: str, data: bytes) -> None:
    assert answers(tmp_path / name, data) == [row["answer"] for row in ROWS]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.jsonl", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a Git LFS pointer.*git lfs pull"),
        ("a.parquet", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a Git LFS pointer"),
        ("a.jsonl", b"\n<!DOCTYPE html>\n<html></html>", "a web page, not data"),
        ("a.jsonl", LINES.decode().encode("utf-16"), "text in UTF-16; .*iconv -f UTF-16"),
        ("a.csv", LINES.decode().encode("utf-16-le"), "text in UTF-16"),
        ("a.csv", b"PK\x03\x04" + bytes(200), "a ZIP archive or a workbook"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "a workbook of an old Office"),
        ("a.json", b"\x80\x04\x95" + bytes(9), "a pickle of Python, which may run any code"),
        ("a.jsonl.gz", gzip.compress(gzip.compress(LINES)), "packed with gzip twice"),
        ("a.jsonl.gz", gzip.compress(b"a".ljust(257, b"\0") + b"ustar\0"), "a tar archive"),
        ("a.parquet", b"FEA1" + bytes(200), "a Feather file"),
        ("a.csv", b"question;answer\nWhy?;So.\n", "cells are parted by `;`"),
        ("a.csv", b"question\tanswer\nWhy?\tSo.\n", "parted by tabs: give the file the suffix .tsv"),
        ("a.csv", b"Why is it so?,So.\nWhy?,So.\n", "put a line of names before it"),
        (
            "a.csv",
            "question,answer\nOù?,Là.\n".encode("latin-1"),
            "invalid_utf8.*write it again in UTF-8, as with `iconv",
        ),
        ("a.json", b"PK\x03\x04\0\0", "a ZIP archive"),
        ("a.json", b"", "the file is empty"),
        ("a.jsonl", LINES.replace(b"}\n", b"},\n"), "row 1: .*a comma follows the row: take it out"),
        ("a.jsonl", LINES.replace(b"}", b",}"), "row 1: .*a comma stands before the closing bracket: take it out"),
        ("a.jsonl", str(ROWS[0]).encode(), "row 1: .*how Python shows a dict"),
        ("a.jsonl", pl.DataFrame(ROWS).write_csv().encode(), r"row 1: .*as in a CSV file: give it the suffix \.csv"),
        ("a.jsonl", b'"a"\n"b"\n', "row 1: the row is a JSON str"),
        ("a.jsonl", "{'a': 'caf\xe9'}".encode("latin-1"), "row 1: .*invalid_utf8"),
    ],
)
def test_what_is_no_data_is_refused_with_its_fault_and_what_to_do(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    with pytest.raises(SourceError, match=rf"^{tmp_path / name}: .*{said}"):
        answers(tmp_path / name, data)


def test_the_list_of_rows_in_a_document_is_named_by_the_source(tmp_path: Path) -> None:
    document = json.dumps({"data": {"train": ROWS, "test": ROWS[:1]}, "tags": ["a"]}).encode()
    with pytest.raises(SourceError, match=r"its lists of objects are data\.train, data\.test; name one"):
        answers(tmp_path / "a.json", document)
    assert answers(tmp_path / "a.json", document, rows_at="data.test") == ["Because 0."]
    with pytest.raises(SourceError, match=r"no list is at data\.dev, and its lists of objects are data\.train"):
        answers(tmp_path / "a.json", document, rows_at="data.dev")
    with pytest.raises(SourceError, match=r"it is one array by itself; take `rows_at` out"):
        answers(tmp_path / "a.json", ARRAY, rows_at="data")
    with pytest.raises(SourceError, match=r"it holds no list of objects; its keys are first, second"):
        answers(tmp_path / "a.json", json.dumps({"first": ROWS[0], "second": ROWS[1]}).encode())


def test_where_the_rows_are_is_part_of_a_shard(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(json.dumps({"a": ROWS, "b": ROWS}).encode())
    one, other = (
        plan_shards(Source(name="s", paths=("a.json",), rows_at=key), tmp_path)[0].identity() for key in ("a", "b")
    )
    assert one != other


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_that_is_one_row_is_read_as_one(tmp_path: Path, indent: int | None) -> None:
    talk = {"id": 1, "messages": [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Ho."}]}
    assert answers(tmp_path / "a.json", json.dumps(talk, indent=indent).encode()) == ["Ho."]
    assert answers(tmp_path / "a.json", json.dumps(ROWS[0], indent=indent).encode()) == ["Because 0."]


def test_of_several_lists_the_one_whose_objects_are_rows_is_read(tmp_path: Path) -> None:
    inside = {"set": {"rows": ROWS}, "authors": [{"name": "Ann"}], "tags": [{"id": 1}]}
    assert answers(tmp_path / "a.json", json.dumps(inside).encode()) == [row["answer"] for row in ROWS]
    both = {"set": {"rows": ROWS}, "more": ROWS, "authors": [{"name": "Ann"}]}
    with pytest.raises(
        SourceError, match=r"lists of objects are set\.rows, more, authors; name .* `rows_at: set\.rows`"
    ):
        answers(tmp_path / "a.json", json.dumps(both).encode())
    none = {"a": {"x": [{"y": 1}]}, "b": [{"z": 1}]}
    with pytest.raises(
        SourceError, match=r"lists of objects are a\.x, b; name one in its source, as in `rows_at: a\.x`"
    ):
        answers(tmp_path / "a.json", json.dumps(none).encode())


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_no_list_is_named_where_rows_are_none(tmp_path: Path, name: str) -> None:
    data = {"a.jsonl": LINES, "a.csv": b"question,answer\nWhy?,So.\n", "a.parquet": parquet()}[name]
    with pytest.raises(
        SourceError, match=rf"{name}: `rows_at` of its source .* and this is {name[2:]}, .*take `rows_at` out"
    ):
        answers(tmp_path / name, data, rows_at="data")
