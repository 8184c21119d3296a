"""Parquet that holds recordings: its rows are read without their bytes, which no shard is cut by either."""

import pyarrow
import pyarrow.parquet

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.ingest.survey import survey
from sayso.stages.sources.listing import list_files
from sayso.stages.sources.source import Source


def parquet(path, texts, bytes_each):
    audio = pyarrow.array([{"bytes": b"\xff" * bytes_each, "path": None} for _ in texts])
    pyarrow.parquet.write_table(pyarrow.table({"audio": audio, "text": texts}), path, compression="none")


def test_the_bytes_are_left_where_they_lie(tmp_path):
    parquet(tmp_path / "speech.parquet", ["one two", "three four"], 1 << 20)
    line = survey(list_files(["speech.parquet"], tmp_path), "auto", {}, {}, None, "stop", 0.5).row(0, named=True)
    assert (line["rows"], line["fault"]) == (2, None)
    assert line["chunks"][0]["bytes"] < 1_000


def test_a_row_larger_than_a_row_may_be_is_none_for_its_recording(tmp_path):
    parquet(tmp_path / "speech.parquet", ["one two"], 2_000)
    source = Source(name="speech", paths=("speech.parquet",), limits={"row_bytes": 1_000})
    (shard,) = plan_shards(source, tmp_path)
    row = ingest(shard).rows.row(0, named=True)
    assert row["prompt"] == row["answer"] == "one two"
    assert row["recording"] == {"path": None, "content": shard.slices[0].content, "speaker": None}


def test_rows_of_several_row_groups_are_read_together(tmp_path):
    audio = [{"bytes": b"", "path": f"{n % 2}.wav"} for n in range(7)]
    table = pyarrow.table({"audio": audio, "text": [f"text {n}" for n in range(7)]})
    pyarrow.parquet.write_table(table, tmp_path / "speech.parquet", row_group_size=3)
    (shard,) = plan_shards(Source(name="speech", paths=("speech.parquet",)), tmp_path)
    assert ingest(shard).rows["prompt"].to_list() == table["text"].to_pylist()
