"""Rows a second that one process plans and ingests, by format: `python tests/benchmarks/bench_ingest.py FOLDER [ROWS]`.

Repeats the question-and-answer rows and the conversations of the real files in FOLDER up to ROWS rows (100,000),
writes them in each format, and prints a Markdown table. CPU seconds stand beside wall seconds, for other work may
share the machine.
"""

import gzip
import json
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

import orjson
import polars as pl
import zstandard

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source


def write(rows: list[dict[str, object]], folder: Path, stem: str) -> list[Path]:
    lines = b"".join(orjson.dumps(row) + b"\n" for row in rows)
    files = {
        "jsonl": lines,
        "jsonl.gz": gzip.compress(lines, 6),
        "jsonl.zst": zstandard.compress(lines),
        "json": orjson.dumps(rows, option=orjson.OPT_INDENT_2),
    }
    for suffix, data in files.items():
        (folder / f"{stem}.{suffix}").write_bytes(data)
    frame = pl.DataFrame(rows)
    frame.write_parquet(folder / f"{stem}.parquet")
    if not any(dtype.is_nested() for dtype in frame.dtypes):
        frame.write_csv(folder / f"{stem}.csv")
    return sorted(folder.glob(f"{stem}.*"))


def measure(path: Path) -> str:
    wall = time.perf_counter()
    shards = plan_shards(Source(name="bench", paths=(path.name,)), path.parent)
    planned = time.perf_counter() - wall
    wall, cpu = time.perf_counter(), time.process_time()
    rows = sum(ingest(shard).verdicts.height for shard in shards)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    size = path.stat().st_size / 1e6
    name = f"{path.name} ({shards[0].slices[0].mapping.name})"
    return f"| {name} | {rows:,} | {size:.0f} | {rows / planned:,.0f} | {rows / wall:,.0f} | {rows / cpu:,.0f} |"


def main(folder: Path, count: int) -> None:
    questions = [json.loads(line) for line in (folder / "gsm8k_train.jsonl").open()]
    talks = [
        {"conversations": row["conversations"]}
        for row in json.loads((folder / "glaive_toolcall_en_demo.json").read_bytes())
    ]
    print("| file | rows | MB | planned rows/s | ingested rows/s | ingested rows per CPU second |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as scratch:
        for stem, rows in (("questions", questions), ("conversations", talks)):
            for path in write(list(islice(cycle(rows), count)), Path(scratch), stem):
                print(measure(path), flush=True)
                path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
