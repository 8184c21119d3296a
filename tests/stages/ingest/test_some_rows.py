"""Rows of a source's shard by themselves: known without reading them, and judged as they are among the others."""

import json
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.ingest.some_rows import rows_of, shard_of
from sayso.stages.sources.source import Source


@pytest.fixture
def shards(tmp_path: Path):
    """Files of five formats, one with a broken line, blank ones and rows that are not whole, one that is no file."""
    pairs = [{"question": f"Why {i}?", "answer": f"Because {i}."} for i in range(9)]
    lines = [json.dumps(pair) for pair in pairs]
    lines[3], lines[5] = "{broken", ""
    lines[7] = json.dumps({"question": "Why 7?", "answer": {"no": "text"}})
    (tmp_path / "a.jsonl").write_text("\n\n".join(lines))
    (tmp_path / "b.json").write_text(json.dumps([*pairs[:3], 3, {"question": "Why?"}]))
    pl.DataFrame(pairs[:4]).write_csv(tmp_path / "c.csv")
    pl.DataFrame(pairs).write_parquet(tmp_path / "d.parquet", row_group_size=4)
    (tmp_path / "e.parquet").write_bytes(b"PAR1 and no more")
    source = Source(name="mixed", paths=("*.*",), license="MIT", unreadable_files="drop", max_lost_share=1)
    return plan_shards(source, tmp_path, 11)


def test_the_rows_of_a_shard_are_those_that_get_verdicts(shards):
    assert len(shards) > 1
    for shard in shards:
        names = ["id", "source", "position"]
        assert_frame_equal(rows_of(shard).select(names), ingest(shard).verdicts.select(names))


def test_rows_get_the_same_verdicts_whatever_others_are_left_out(shards):
    for shard in shards:
        whole, rows = ingest(shard), rows_of(shard)
        kept = [rows.gather_every(2), rows[1:], rows[:-1], rows[3:4], rows[:0], pl.concat([rows[:2], rows[5:]])]
        for some in kept:
            made = ingest(shard_of(shard, some))
            for found, of_all in ((made.rows, whole.rows), (made.verdicts, whole.verdicts)):
                assert_frame_equal(found, of_all.filter(pl.col("id").is_in(some["id"].implode())))
