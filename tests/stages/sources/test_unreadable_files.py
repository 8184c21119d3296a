"""A file that cannot be read stops the run, or is a dropped row where its source goes on without it."""

import gzip
import io
import json
from pathlib import Path

import polars as pl
import pyarrow.parquet
import pytest

from sayso.manifests.verdicts import Outcome
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError

GOOD = [{"question": f"Why {number}?", "answer": f"Because {number}."} for number in range(40)]
LINES = "".join(json.dumps(row) + "\n" for row in GOOD).encode()


def parquet(row_group: int | None = None) -> bytes:
    """400 rows, of which the answers of one row group may be broken."""
    data = io.BytesIO()
    pl.DataFrame(GOOD * 10).write_parquet(data, compression="uncompressed", row_group_size=20)
    broken = bytearray(data.getvalue())
    if row_group is not None:
        start = pyarrow.parquet.read_metadata(data).row_group(row_group).column(1).data_page_offset
        broken[start : start + 30] = bytes(30)
    return bytes(broken)


UNREADABLE = {
    "garbage.jsonl": (bytes(range(128, 256)) * 9 + b"\n") * 3,
    "broken.jsonl": b"{broken\n" * 200,
    "cut-off.jsonl.gz": gzip.compress(LINES)[:-40],
    "empty.parquet": b"",
    "cut-off.parquet": parquet()[:-9],
    "broken.parquet": parquet(row_group=0),
    # The words of Arrow have a line break behind them.
    "no-footer.parquet": b"PAR1" + b"\x15\x04\xff" * 9 + (27).to_bytes(4, "little") + b"PAR1",
    "no-footer.parquet.gz": gzip.compress(b"PAR1" + b"\x15\x04\xff" * 9 + (27).to_bytes(4, "little") + b"PAR1"),
    "quote.csv": b'question,answer\nWhy?,"Because\n',
    "one-line.csv": b"<html>502 Bad Gateway</html>",
    "header.csv": b'"question"x,answer\nWhy?,Because.\n',
    "cut-off.json": b'[{"question": "Why?", "answer": "Bec',
    "text.json": b'"no rows"',
    "numbers.jsonl": b'{"count": 1}\n{"count": 2}\n',
}


def ingested(folder: Path, **keys: object) -> Outcome:
    source = Source.model_validate({"name": "s", "paths": ["data"], **keys})
    (shard,) = plan_shards(source, folder)
    return ingest(shard)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(LINES)
    (folder / "z.jsonl").write_bytes(LINES)
    return folder


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_stops_the_run_and_the_message_says_how_to_go_on(data: Path, name: str) -> None:
    (data / name).write_bytes(UNREADABLE[name])
    with pytest.raises(SourceError) as error:
        ingested(data.parent)
    assert str(error.value).startswith(f"{data / name}: ")
    assert "`unreadable_files: drop`" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_a_row_of_its_source_where_it_is_to_be_dropped(data: Path, name: str) -> None:
    (data / name).write_bytes(UNREADABLE[name])
    outcome = ingested(data.parent, unreadable_files="drop")
    assert outcome.rows["answer"].to_list() == [row["answer"] for row in GOOD] * 2
    (verdict,) = outcome.verdicts.filter(pl.col("verdict") == "dropped").to_dicts()
    assert (verdict["position"], verdict["filter"], verdict["reason"]) == (name, "ingest", "unreadable_file")
    assert verdict["detail"]
    assert str(data) not in verdict["detail"]


def test_the_rows_of_a_file_that_breaks_off_while_it_is_read_are_dropped_with_the_reason(data: Path) -> None:
    (data / "b.parquet").write_bytes(parquet(row_group=2))
    stopped = r"b\.parquet: not a whole Parquet file \(the column answer cannot be read.*`unreadable_files: drop`"
    with pytest.raises(SourceError, match=stopped):
        ingested(data.parent)
    outcome = ingested(data.parent, unreadable_files="drop")
    assert outcome.rows.height == 80
    dropped = outcome.verdicts.filter(pl.col("verdict") == "dropped")
    assert dropped["position"].to_list() == [f"b.parquet:{number}" for number in range(1, 401)]
    assert dropped["reason"].unique().to_list() == ["unreadable_file"]


def test_a_source_of_which_no_file_can_be_read_has_a_verdict_on_each(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / "data" / name).write_bytes(UNREADABLE["garbage.jsonl"])
    outcome = ingested(tmp_path, unreadable_files="drop")
    assert outcome.rows.is_empty()
    assert outcome.verdicts["position"].to_list() == ["a.jsonl", "b.jsonl"]


def test_a_file_that_changes_is_never_taken_for_one_that_cannot_be_read(data: Path) -> None:
    (shard,) = plan_shards(Source(name="s", paths=("data",), unreadable_files="drop"), data.parent)
    (data / "z.jsonl").write_bytes(LINES.upper())
    with pytest.raises(SourceError, match=r"z\.jsonl: the file was changed or removed"):
        ingest(shard)


def test_a_csv_file_with_two_columns_of_one_name_is_refused_where_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("question,answer,answer\nWho sings?,The wren.,The cat.\n")
    with pytest.raises(SourceError, match=r"rows\.csv: 2 columns have the name answer; rename all but one"):
        plan_shards(Source(name="s", paths=("rows.csv",)), tmp_path)


def test_a_csv_file_with_two_columns_of_one_name_is_read_where_nobody_reads_these(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("question,note,answer,note\nWho sings?,a,The wren.,b\n")
    (shard,) = plan_shards(Source(name="s", paths=("rows.csv",)), tmp_path)
    assert ingest(shard).rows["answer"].to_list() == ["The wren."]
