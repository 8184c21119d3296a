"""Small files that unpack to very much: a row falls out, or one sentence ends the run, and memory stays bounded."""

import csv
import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
import zstandard

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.formats.parquet_row_sizes import sizes_in_frame, sizes_in_table
from sayso.stages.sources.limits import Limits
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError

SMALL = {"row_bytes": 1_000, "shard_bytes": 40_000, "block_bytes": 100_000, "file_bytes": 1_000_000}
HUGE = {"question": "Why?", "answer": "x" * 2_000}
ROWS = [{"question": f"Why {i}?", "answer": "y" * 500} for i in range(20)]
MIXED = [*ROWS[:3], HUGE, *ROWS[3:6], HUGE]


def as_parquet(rows: list[dict[str, object]]) -> bytes:
    data = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_pylist(rows), data, row_group_size=5)
    return data.getvalue()


WRITE: dict[str, Callable[[list[dict[str, object]]], bytes]] = {
    "jsonl": lambda rows: b"".join(json.dumps(row).encode() + b"\n" for row in rows),
    "json": lambda rows: json.dumps(rows).encode(),
    "csv": lambda rows: pl.DataFrame(rows).write_csv().encode(),
    "parquet": as_parquet,
}


def verdicts(path: Path, data: bytes, **limits: int) -> pl.DataFrame:
    path.write_bytes(data)
    source = Source(name="s", paths=(path.name,), limits=Limits(**{**SMALL, **limits}))
    return pl.concat(ingest(shard).verdicts for shard in plan_shards(source, path.parent))


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json", "a.parquet", "a.parquet.gz"])
def test_a_row_that_is_too_large_falls_out_alone(tmp_path: Path, name: str) -> None:
    data = WRITE[name.split(".")[1]](MIXED)
    found = verdicts(tmp_path / name, gzip.compress(data) if name.endswith("gz") else data)
    assert found["position"].to_list() == [f"{name}:{number}" for number in range(1, 9)]
    dropped = found.filter(pl.col("verdict") == "dropped")
    assert dropped["position"].to_list() == [f"{name}:4", f"{name}:8"]
    assert dropped["reason"].to_list() == ["row_too_large"] * 2
    assert (
        dropped["detail"]
        .str.contains(r"^it has 2,0\d\d bytes as it is read; the source takes 1,000 \(limits\.row_bytes\)$")
        .all()
    )


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_conversation_that_is_too_large_falls_out_beside_bytes_that_are_not_text(tmp_path: Path, suffix: str) -> None:
    talks = [[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": text}] for text in "abc"]
    talks[1][1]["content"] = "b" * 2_000
    rows = as_parquet([{"messages": talk} for talk in talks]).replace(b"\x01\0\0\0c", b"\x01\0\0\0\xff")
    assert b"\xff" in rows
    found = verdicts(tmp_path / f"a.parquet{suffix}", gzip.compress(rows) if suffix else rows)
    assert found["reason"].to_list() == [None, "row_too_large", "invalid_utf8"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (
            "a.csv",
            WRITE["csv"](MIXED),
            "an open quote, a long line or blank lines make the row at line 5 more than 1,000",
        ),
        ("a.csv", b'question,answer\na,"' + b"b\n" * 600, "make the row at line 2 more than 1,000 bytes"),
        ("a.csv", b"question,answer\na,b\n" + b"\n" * 1_001, "more than 1,000 bytes"),
        ("a.csv", b"question,answer\n" + (b"a,b\n" + b"\n" * 101) * 10, "blank lines make the row at line 1"),
        ("a.jsonl", (b'{"question": "a", "answer": "b"}' + b"\n" * 102) * 10, "blank lines are more than 1,000"),
        ("a.csv.gz", b"question,answer\n" + b"x" * 5_000, "the row at line 2 more than 1,000 bytes"),
        ("a.jsonl", b'{"question": "a", "answer": "b"}' + b"\n" * 1_002, "blank lines are more than 1,000 bytes"),
        ("a.jsonl.gz", b" " * 5_000, "before line 1 blank lines are more than 1,000 bytes"),
        (
            "a.json",
            b'{"about": "' + b"x" * 1_000 + b'", "rows": [{"question": "a", "answer": "b"}]}',
            "beside its lists the document has more than 1,000 bytes",
        ),
        ("a.json.gz", b"[" + b" " * 1_000_000 + b"]", "it unpacks to more than 1,000,000 bytes"),
        ("a.parquet.gz", bytes(100_001), "it is read as a whole and has more than 100,000 bytes"),
        ("a.jsonl.gz", WRITE["jsonl"](ROWS) * 100, "it unpacks to more than 1,000,000 bytes"),
        ("a.csv.zst", b"question,answer\n" + b"a,b\n" * 250_000, "it unpacks to more than 1,000,000 bytes"),
    ],
)
def test_what_cannot_be_told_apart_ends_in_a_sentence_that_names_the_file_and_the_key(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    packed = gzip.compress(data) if name.endswith(".gz") else zstandard.compress(data) if name.endswith("zst") else data
    with pytest.raises(SourceError, match=rf"/{name}: .*{said}.*raise limits\.\w+_bytes of its source"):
        verdicts(tmp_path / name, packed)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize(
    "rows",
    [[ROWS[0]] * 100, [{"messages": [{"role": role, "content": "z" * 300} for role in ("user", "assistant")]}] * 200],
)
def test_rows_that_share_their_texts_are_counted_as_they_unpack(
    tmp_path: Path, rows: list[dict[str, object]], suffix: str
) -> None:
    data = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_pylist(rows), data)
    packed = gzip.compress(data.getvalue()) if suffix else data.getvalue()
    name = f"a.parquet{suffix}"
    with pytest.raises(
        SourceError, match=rf"{len(rows)} rows of one shard unpack to more than 40,000 bytes.*shard_bytes"
    ):
        verdicts(tmp_path / name, packed)
    assert verdicts(tmp_path / name, packed, shard_bytes=200_000).height == len(rows)


def test_rows_without_bytes_are_counted_by_their_places(tmp_path: Path) -> None:
    table = pa.table({"question": pa.nulls(10_000, pa.string()), "answer": pa.nulls(10_000, pa.string())})
    data = io.BytesIO()
    pyarrow.parquet.write_table(table, data)
    with pytest.raises(SourceError, match=r"a\.parquet: the values of row group 1 take more than 100,000 bytes"):
        verdicts(tmp_path / "a.parquet", data.getvalue())
    many = pa.table({"question": ["a"] * 100_000, "answer": ["a"] * 100_000})
    pyarrow.parquet.write_table(many, tmp_path / "b.parquet", row_group_size=1_000)
    with pytest.raises(SourceError, match=r"b\.parquet: it unpacks to more than 1,000,000 bytes.*file_bytes"):
        verdicts(tmp_path / "b.parquet", (tmp_path / "b.parquet").read_bytes())


def test_a_row_of_very_many_values_is_counted_by_their_places(tmp_path: Path) -> None:
    data = io.BytesIO()
    turns = [{"role": "user", "content": ""}] * 2_000
    pyarrow.parquet.write_table(pa.table({"messages": [turns]}), data)
    with pytest.raises(SourceError, match=r"a\.parquet: the values of row group 1 take more than 100,000 bytes"):
        verdicts(tmp_path / "a.parquet", data.getvalue())


def test_a_file_of_rows_that_are_all_too_large_is_refused_for_that(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"can be read as jsonl \(the first fault, in row 1: row_too_large, it has 2,0\d\d bytes"
    ):
        verdicts(tmp_path / "a.jsonl", WRITE["jsonl"]([HUGE] * 3))


def test_json_that_is_nested_without_end_is_a_broken_row(tmp_path: Path) -> None:
    deep = b'{"question": "a", "answer": ' + b"[" * 400_000 + b"]" * 400_000 + b"}"
    whole = b'{"question": "a", "answer": "b"}'
    found = verdicts(tmp_path / "a.jsonl", whole + b"\n" + deep + b"\n" + whole, row_bytes=10**6)
    assert found["reason"].to_list() == [None, "invalid_json", None]
    with pytest.raises(SourceError, match=r"a\.json: not JSON at line 1"):
        verdicts(tmp_path / "a.json", b"[" + whole + b"," + deep + b"]", row_bytes=10**6)


def test_limits_are_part_of_a_shard_only_where_they_decide_about_a_row(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(WRITE["jsonl"](ROWS))

    def identity(**limits: int) -> str:
        source = Source(name="s", paths=("a.jsonl",), limits=Limits(**limits))
        return plan_shards(source, tmp_path)[0].identity()

    assert identity(block_bytes=10**6, shard_bytes=10**6, file_bytes=10**7) == identity()
    assert identity(row_bytes=10**6) != identity()


def test_sizes_are_those_of_the_texts_in_any_nesting() -> None:
    rows = [
        {"a": "é", "b": ["x", None, "yz"], "c": {"d": "12345", "e": [{"f": "1"}, {"f": "22"}]}, "n": 1},
        {"a": None, "b": [], "c": {"d": None, "e": None}, "n": None},
        {"a": "abc", "b": None, "c": None, "n": 3},
    ]
    table = pa.Table.from_pylist(rows)
    sizes = [2 + 3 + 3 * 8 + 5 + 3 + 2 * 8 + 8, 8, 3 + 8]
    assert sizes_in_table(table).tolist() == sizes
    assert sizes_in_frame(pl.DataFrame(rows)).tolist() == sizes
    data = io.BytesIO()
    pyarrow.parquet.write_table(table, data)
    paths = ["a", "b.list.element", "c.d", "c.e.list.element.f"]
    kept_once = pyarrow.parquet.ParquetFile(data, read_dictionary=paths).read()
    assert "dictionary" in str(kept_once.schema)
    assert sizes_in_table(kept_once).tolist() == sizes
    assert sizes_in_table(kept_once.slice(1)).tolist() == sizes[1:]
    assert sizes_in_table(kept_once.slice(0, 0)).tolist() == np.zeros(0).tolist()


def bombs(folder: Path) -> None:
    """A few small files, each of which would unpack to hundreds of megabytes, those of Parquet to 15 gigabytes."""
    pack, much = zstandard.ZstdCompressor(), 1 << 27
    row = b'{"question": "Why?", "answer": "So."}\n'
    (folder / "1-blank.csv.zst").write_bytes(pack.compress(b"question,answer\n" + b"\n" * much))
    (folder / "2-cell.csv.zst").write_bytes(pack.compress(b'question,answer\na,"' + bytes(much)))
    (folder / "3-blank.jsonl.zst").write_bytes(pack.compress(b"\n" * much))
    (folder / "4-line.jsonl.zst").write_bytes(pack.compress(row + b'{"question": "' + bytes(much) + b'"}\n' + row))
    (folder / "5-values.json.zst").write_bytes(pack.compress(b"[" + b"{}," * (much // 64) + b"{}]"))
    shared = pa.DictionaryArray.from_arrays(pa.array(np.zeros(30_000, np.int32)), pa.array(["x" * 500_000]))
    turns = pa.StructArray.from_arrays([pa.array(["user"] * 30_000), shared], ["role", "content"])
    talks = pa.ListArray.from_arrays(pa.array([0, 2, 10_000, 30_000], pa.int32()), turns)
    tables = {
        "6-texts": pa.table({"question": shared, "answer": ["So."] * 30_000}),
        "7-talks": pa.table({"messages": talks}),
    }
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        pyarrow.parquet.write_table(table, path, compression="zstd", store_schema=False)
        (folder / f"{name}.parquet.gz").write_bytes(gzip.compress(path.read_bytes()))


AT_WORK = """
import re, sys
from pathlib import Path
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from sayso.stages.sources.limits import Limits
from sayso.stages.sources.stores import SourceError
def most_memory():
    return int(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]) >> 10
folder, limits = Path(sys.argv[1]), Limits(row_bytes=1 << 20, block_bytes=64 << 20)
for path in sorted(folder.iterdir()):
    before = most_memory()
    try:
        shards = plan_shards(Source(name="s", paths=(path.name,), limits=limits), folder)
        said = [reason for shard in shards for reason in ingest(shard).verdicts["reason"]]
    except SourceError as error:
        said = str(error).partition(": ")[2].partition("; if")[0]
    print(path.name, said, most_memory() - before, sep="|")
"""
LARGE_TALKS = str(["no_answer", "row_too_large", "row_too_large"])
WHAT_BOMBS_SAY = {
    "1-blank.csv.zst": "make the row at line 1048578 more than 1,048,576 bytes",
    "2-cell.csv.zst": "make the row at line 2 more than 1,048,576 bytes",
    "3-blank.jsonl.zst": "before line 1048577 blank lines are more than 1,048,576 bytes",
    "4-line.jsonl.zst": "[None, 'row_too_large', None]",
    "5-values.json.zst": "no schema fits the columns none",
    "6-texts.parquet": "rows of one shard unpack to more than 1,073,741,824 bytes",
    "6-texts.parquet.gz": "rows of one shard unpack to more than 1,073,741,824 bytes",
    "7-talks.parquet": LARGE_TALKS,
    "7-talks.parquet.gz": LARGE_TALKS,
}


def test_bombs_end_soon_in_little_memory(tmp_path: Path) -> None:
    bombs(tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 100_000
    work = [sys.executable, "-c", AT_WORK, str(tmp_path)]
    done = subprocess.run(work, capture_output=True, text=True, check=True, timeout=900)
    ended = {name: (said, int(more)) for name, said, more in csv.reader(done.stdout.splitlines(), delimiter="|")}
    assert ended.keys() == WHAT_BOMBS_SAY.keys()
    for name, (said, more_mebibytes) in ended.items():
        assert WHAT_BOMBS_SAY[name] in said
        assert more_mebibytes < 160
