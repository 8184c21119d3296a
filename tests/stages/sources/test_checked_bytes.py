"""A file that is not what it was surveyed as ends its reading, whatever its size and time say."""

import csv
import gzip
import json
import os
import pickle
import random
from pathlib import Path

import polars as pl
import pytest
import zstandard

from sayso.stages.decontaminate.evaluations import evaluation_files, evaluation_texts
from sayso.stages.ingest import survey
from sayso.stages.ingest.ingest import SourceShard, ingest, plan_shards
from sayso.stages.sources.checked_bytes import BLOCK, ChangedFile, CheckedBytes, checks_of
from sayso.stages.sources.formats import parquet_rows
from sayso.stages.sources.source import Source

ROWS = [{"question": f"Why is it {i}?", "answer": f"Because of {i}."} for i in range(300)]
CHANGED = r"the file was changed or removed after the run was planned; start it again"


def write(path: Path, rows: list[dict[str, str]]) -> None:
    match path.name.split(".")[1]:
        case "parquet":
            pl.DataFrame(rows).write_parquet(path, row_group_size=100)
        case "csv":
            with open(path, "w", newline="") as file:
                writer = csv.DictWriter(file, ["question", "answer"])
                writer.writeheader()
                writer.writerows(rows)
        case "json":
            path.write_text(json.dumps(rows))
        case _:
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(path.read_bytes()))
    if path.suffix == ".zst":
        path.write_bytes(zstandard.compress(path.read_bytes()))


def flip(path: Path, place: int) -> None:
    """Change one byte, and nothing that a listing of the folder shows."""
    before, data = path.stat(), bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path, old: str, new: str) -> None:
    """Put another file in its place, of the same size and time."""
    before, other = path.stat(), path.with_suffix(".other")
    other.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.rename(path)


def planned(path: Path, shard_rows: int) -> list[SourceShard]:
    return plan_shards(Source(name="s", paths=(path.name,)), path.parent, shard_rows)


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.json", "a.csv", "a.parquet", "a.jsonl.gz", "a.csv.zst", "a.json.gz", "a.parquet.gz"]
)
def test_no_shard_gives_rows_of_a_file_with_one_other_byte(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path, ROWS)
    (shard,) = planned(path, 1_000)
    assert ingest(shard).rows.height == 300
    drawn = random.Random(name)
    for _ in range(5):
        place = drawn.randrange(path.stat().st_size)
        flip(path, place)
        with pytest.raises(ChangedFile, match=rf"{name}: {CHANGED}"):
            ingest(shard)
        flip(path, place)
    assert ingest(shard).rows.height == 300


def test_a_range_of_a_file_is_read_whatever_became_of_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write(path, [{"question": f"Why {i}?", "answer": "x" * 1_000} for i in range(4_000)])
    shards = planned(path, 1_000)
    before = ingest(shards[0])
    flip(path, path.stat().st_size - 20)
    assert ingest(shards[0]).rows.equals(before.rows)
    with pytest.raises(ChangedFile, match=CHANGED):
        ingest(shards[-1])


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_two_ranges_are_never_of_two_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path, ROWS)
    first, second = planned(path, 150)
    assert ingest(first).rows["answer"][0] == "Because of 0."
    write(path, [{**row, "answer": row["answer"].replace("Because", "becausE")} for row in ROWS])
    with pytest.raises(ChangedFile, match=CHANGED):
        ingest(second)


def test_a_file_put_in_place_while_polars_reads_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    write(path, ROWS)
    (shard,) = planned(path, 1_000)
    scan = pl.scan_parquet

    def scan_another(*arguments: object, **options: object) -> pl.LazyFrame:
        replaced(path, "Because", "becausE")
        return scan(*arguments, **options)

    monkeypatch.setattr(parquet_rows.pl, "scan_parquet", scan_another)
    with pytest.raises(ChangedFile, match=CHANGED):
        ingest(shard)


def test_a_file_put_in_place_during_its_survey_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    write(path, ROWS)
    look = survey.chunks_of

    def look_at_another(*arguments: object) -> object:
        replaced(path, '"}\n', '" }')
        return look(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(survey, "chunks_of", look_at_another)
    with pytest.raises(ChangedFile, match=CHANGED):
        planned(path, 1_000)


def test_an_evaluation_that_changes_after_the_plan_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    write(path, ROWS)
    (file,) = evaluation_files(Source(name="bench", paths=("bench.jsonl",)), tmp_path)
    assert evaluation_texts(file).height == 300
    replaced(path, "Why is it 7?", "Who is it 7?")
    with pytest.raises(ChangedFile, match=CHANGED):
        evaluation_texts(file)


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_the_stream_gives_the_bytes_of_the_file_from_any_place(tmp_path: Path, size: int) -> None:
    path, data = tmp_path / "a", random.Random(size).randbytes(size)
    path.write_bytes(data)
    with open(path, "rb") as stream:
        checks = checks_of(stream)
    with CheckedBytes(str(path), size, checks) as file:
        assert file.read() == data
        for place in (0, size // 3, max(0, size - 5)):
            file.seek(place)
            assert file.read(BLOCK // 2 + 3) == data[place : place + BLOCK // 2 + 3][: BLOCK - place % BLOCK]


@pytest.mark.parametrize("size", [1, BLOCK])
def test_a_file_that_is_longer_shorter_or_gone_is_another_one(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(size))
    with open(path, "rb") as stream:
        checks = checks_of(stream)
    for other in (size - 1, size + 1):
        path.write_bytes(bytes(other))
        with pytest.raises(ChangedFile, match=rf"a: {CHANGED}"):
            CheckedBytes(str(path), size, checks)
    path.unlink()
    with pytest.raises(ChangedFile) as error:
        CheckedBytes(str(path), size, checks)
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
