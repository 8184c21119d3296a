"""Rows a second of the normaliser and of each filter: `python -m tests.benchmarks.bench_screen FOLDER [ROWS]`.

Repeats the rows of the real files in FOLDER up to ROWS rows (50,000), once as they are and once only those whose
prompt has at most 450 characters, and prints a Markdown table. CPU seconds are of one thread: POLARS_MAX_THREADS=1
is set before Polars is loaded.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import polars as pl

from sayso.filters import DEFAULT_FILTERS
from sayso.filters.judging import first_reason
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.screen.normalization import to_spoken
from sayso.stages.sources.source import Source
from tests.open_data import EVALUATION

SHARD = 20_000


def real_rows(folder: Path) -> pl.DataFrame:
    names = sorted(path.name for path in folder.iterdir() if path.suffix in {".json", ".jsonl", ".parquet"})
    sources = [Source(name=name, paths=(name,)) for name in names if name != EVALUATION]
    shards = [shard for source in sources for shard in plan_shards(source, folder)]
    return pl.concat([ingest(shard).rows.drop("messages") for shard in shards])


def repeat(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    return pl.concat([rows] * (count // rows.height + 1)).sample(count, shuffle=True, seed=0)


def measure(name: str, rows: pl.DataFrame, work: Callable[[pl.DataFrame], pl.DataFrame]) -> str:
    wall, cpu = time.perf_counter(), time.process_time()
    for start in range(0, rows.height, SHARD):
        work(rows.slice(start, SHARD))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return f"| {name} | {rows.height:,} | {rows.height / wall:,.0f} | {rows.height / cpu:,.0f} |"


def main(folder: Path, count: int) -> None:
    real = real_rows(folder)
    short = real.filter(pl.col("prompt").str.len_chars() <= 450)
    print("| step | rows | rows/s | rows per CPU second |")
    print("| --- | ---: | ---: | ---: |")
    for kind, some in (("all", real), ("prompt ≤ 450 characters", short)):
        rows = repeat(some, count)
        mean = rows["prompt"].str.len_chars().mean()
        print(f"| **{kind}** (mean {mean:.0f} characters) | | | |")
        print(measure("text for speech", rows, lambda rows: to_spoken(rows["prompt"])), flush=True)
        rows = rows.with_columns(to_spoken(rows["prompt"]))
        for one in DEFAULT_FILTERS:
            print(measure(f"`{one.filter}`", rows, lambda rows, one=one: first_reason(rows, [one])), flush=True)
        print(measure("all filters in turn", rows, lambda rows: first_reason(rows, DEFAULT_FILTERS)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50_000)
