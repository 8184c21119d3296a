"""CPU that a shard costs the driver, however many there are: `python -m tests.benchmarks.bench_engine [SHARDS ...]`.

Makes records of so many screened shards (2,000 and 20,000), of 50,000 rows each but without their rows. Plans
the shuffle over them, with a key for each job, and reads records from a store in memory to compare their keys. Then the
engine hands out as many jobs without rows, to one worker that files them in memory. Prints two Markdown tables.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record, ShardKey
from sayso.manifests.sealing import seal
from sayso.manifests.storage import StoredFile
from sayso.pipeline.engine.engine import Engine
from sayso.pipeline.finished_shards import FinishedShards
from sayso.pipeline.resources import Resources
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import Records, with_fingerprint
from sayso.stages.sample.sample import Sample
from sayso.stages.sample.shuffle_plan import plan_gather, plan_scatter, plan_subdivide, planned_shuffle
from tests.benchmarks.empty_jobs import empty_jobs

COUNTS = (2_000, 20_000)
ROWS, SAMPLED = 50_000, 2_000
REPOSITORY = Path(__file__).parents[2]
# A disk that is synced for each file would be what takes the time.
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

Answer = TypeVar("Answer")


def main(counts: tuple[int, ...]) -> None:
    print("| screened shards | jobs | planned, CPU ms each | looked up, CPU ms each | files opened by a job |")
    print("| ---: | ---: | ---: | ---: | ---: |", flush=True)
    for count in counts:
        jobs, planning = timed(lambda count=count: planned(count))
        opened = sum(len(getattr(job, "shards", ())) for job in jobs) / len(jobs)
        looking = look_up(jobs[:count])
        each = f"{planning * 1000 / len(jobs):.3f} | {looking * 1000 / count:.3f}"
        print(f"| {count:,} | {len(jobs):,} | {each} | {opened:.0f} |", flush=True)
    print("\n| jobs without rows | the driver, CPU ms each | worker, ms each | driver grows by, kB each |")
    print("| ---: | ---: | ---: | ---: |", flush=True)
    # Workers import the jobs from here.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as run, Engine(Resources(text={"workers": 1}), None) as engine:
        ledger = Ledger(run)
        # Ray starts with the first job.
        list(engine.run(ledger, empty_jobs("first", 20), "text"))
        for count in counts:
            jobs, before, began = empty_jobs(f"of-{count}", count), memory(), time.monotonic()
            answers, seconds = timed(lambda jobs=jobs: list(engine.run(ledger, jobs, "text")))
            assert len(answers) == count
            each = f"{seconds * 1000 / count:.2f} | {(time.monotonic() - began) * 1000 / count:.1f}"
            print(f"| {count:,} | {each} | {(memory() - before) / count / 1000:.1f} |", flush=True)


def memory() -> int:
    """The bytes that this process has."""
    return psutil.Process().memory_info().rss


def timed(do: Callable[[], Answer]) -> tuple[Answer, float]:
    began = time.process_time()
    return do(), time.process_time() - began


def planned(count: int) -> list[Job]:
    """The jobs of all passes over so many screened shards."""
    records: Records = {"screen": made("screen", [f"s-{number:06d}" for number in range(count)])}
    shuffle = planned_shuffle(records, Sample(), SAMPLED, ROWS)
    jobs: list[Job] = []
    for stage, plan in (("scatter", plan_scatter), ("subdivide", plan_subdivide), ("gather", plan_gather)):
        of_stage = [with_fingerprint(job) for job in plan(records, shuffle)]
        records[stage] = made(stage, [job.key.shard for job in of_stage])
        jobs += of_stage
    return jobs


def made(stage: str, shards: list[str]) -> list[Record]:
    return [record(ShardKey(stage=stage, shard=shard, fingerprint="f", input="i")) for shard in shards]


def record(key: ShardKey) -> Record:
    names = (key.rows_name, key.verdicts_name)
    files = tuple(StoredFile(name=name, bytes=20_000_000, sha256="0" * 64, xxh3="0" * 32) for name in names)
    return Record(
        key=key, rows_in=ROWS, rows_out=ROWS, counts=(), files=files, parameters={}, seconds=1, worker="", versions={}
    )


def look_up(jobs: list[Job]) -> float:
    """CPU seconds to read a record for each of these jobs and to find that it is of another key."""
    ledger = Ledger("memory://bench-engine")
    for job in jobs:
        content = record(job.key).model_dump_json(indent=1).encode()
        ledger.storage.write(job.key.record_name, seal(content))
    found, seconds = timed(lambda: FinishedShards(ledger).look_up(jobs))
    assert all(shard.record for shard in found)
    return seconds


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or COUNTS)
