"""Rows a second from spoken rows to a verified dataset: `python -m tests.benchmarks.bench_publish FOLDER [ROWS [RUN]]`.

Makes ROWS spoken rows (100,000) with texts of the real
files in FOLDER, brings them to the mixture 70/20/10, holds a test split out, composes and publishes both splits, and
verifies what was published; once with a quarter of the rows, once with all. The quarter is composed again, killed when
its first shard is there, and gone on with: are the bytes the same? Prints a Markdown table. In RUN, a folder that is
not there yet, the larger dataset is kept.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from sayso.manifests.dataset.file_list import published_files
from sayso.manifests.ledger import Ledger
from sayso.manifests.run_plan import RunPlan
from sayso.manifests.storage import Storage
from sayso.pipeline.engine.dispatch import Stalled
from sayso.pipeline.engine.engine import Engine
from sayso.pipeline.finished_shards import FinishedShards
from sayso.pipeline.recipe import Recipe
from sayso.pipeline.stage_table import STAGES, Stage
from sayso.stages.jobs.plan_context import PlanContext, Records
from sayso.stages.publish.publish import publish
from tests.benchmarks.process_memory import Watched, watch
from tests.benchmarks.spoken_rows import spoken_run
from tests.open_data import checked, recipe_text
from tests.runs import dataset_bytes, sayso

MIB = 1024**2
AFTER_SPEECH = STAGES[[stage.name for stage in STAGES].index("mix") :]


def main(folder: Path, rows: int, kept: Path | None) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent if kept else None) as scratch:
        texts = real_texts(folder, Path(scratch))
        print("| rows | step | seconds | rows/s | CPU seconds | peak RSS, MiB | peak PSS, MiB | bytes a row |")
        print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
        for number, count in enumerate((rows // 4, rows)):
            run = kept if kept and number else Path(scratch) / str(number)
            spoken_run(Ledger(str(run)), texts, count, seed=number)
            seen = watched(composing(run))
            published = published_files(Storage(str(run / "dataset")))
            of_rows, size = sum(file.rows for file in published), sum(file.bytes for file in published)
            show(of_rows, "mix, hold out, compose, write", seen, f"{size / of_rows:,.0f}")
            show(of_rows, "verify", watched([sys.executable, "-m", "sayso", "verify", str(run)]), "")
            if number == 0:
                print(f"| {of_rows:,} | killed in mid-compose, gone on with | {killed(run)} | | | | | |", flush=True)
            if not kept or number == 0:
                shutil.rmtree(run)


def composing(run: Path) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.bench_publish", "--compose", str(run)]


def killed(run: Path) -> str:
    """Compose once more, kill the driver when the first shard is done, go on, and compare the bytes."""
    expected = dataset_bytes(run)
    for folder in ("work/compose", "manifests/compose", "dataset"):
        shutil.rmtree(run / folder)
    driver = subprocess.Popen(composing(run), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(run.glob("manifests/compose/*.record.json")):
        time.sleep(0.05)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    watched(composing(run))
    return "same bytes" if dataset_bytes(run) == expected else "DIFFERENT"


def real_texts(folder: Path, scratch: Path) -> pl.DataFrame:
    """The rows of real files that pass the screen."""
    recipe = scratch / "texts.yaml"
    recipe.write_text(recipe_text(checked(str(folder))), encoding="utf-8")
    sayso("run", recipe, "--to", scratch / "texts", "--until", "deduplicate")
    ledger = Ledger(str(scratch / "texts"))
    columns = ["prompt", "spoken", "answer", "source", "license", "language"]
    screened = ledger.rows("screen", ledger.plan().shards_of("screen"), ["id", *columns])
    unique = ledger.rows("deduplicate", ledger.plan().shards_of("deduplicate"), ["id"])
    texts = screened.join(unique, on="id").select(columns)
    shutil.rmtree(scratch / "texts")
    return texts


def watched(command: list[str]) -> Watched:
    seen = watch(command, {**os.environ, "COLUMNS": "200"})
    if seen.code:
        raise SystemExit("\n".join(["the benchmark failed:", seen.output, *(line for _, line in seen.lines)]))
    return seen


def show(rows: int, step: str, seen: Watched, size: str) -> None:
    memory = f"{seen.peak('rss') / MIB:,.0f} | {seen.peak('pss') / MIB:,.0f}"
    print(
        f"| {rows:,} | {step} | {seen.seconds:.0f} | {rows / seen.seconds:,.0f} | {seen.cpu_seconds:.0f} "
        f"| {memory} | {size} |",
        flush=True,
    )


def compose(run: Path) -> None:
    """Go on from `synthesize` as a run does: plan each stage, carry it out on the engine, publish."""
    recipe = Recipe.model_validate(
        {
            "name": "bench",
            "sources": [{"name": "rows", "paths": ["rows.jsonl"], "license": "Apache-2.0"}],
            "mixture": {"shares": {"instruction": 0.7, "transcription": 0.2, "text": 0.1}},
            "compose": {"held_out": {"rows": 5_000}, "rows_per_shard": 100_000},
        }
    )
    ledger = Ledger(str(run))
    plan = ledger.plan()
    records: Records = {stage.stage: ledger.records(stage) for stage in plan.stages[:2]}
    context = PlanContext(Path(), recipe.seed, ledger, {})
    with Engine(recipe.resources, None) as engine:
        for stage in AFTER_SPEECH:
            began = time.monotonic()
            jobs = stage.plan(recipe, context, records)
            planned = time.monotonic() - began
            waiting = [shard.job for shard in FinishedShards(ledger).look_up(jobs) if shard.finished is None]
            for answer in engine.run(ledger, waiting, "text"):
                assert not isinstance(answer, Stalled), answer
            plan = planned_further(plan, stage, [job.key.shard for job in jobs])
            ledger.write_plan(plan)
            names = plan.shards_of(stage.name)
            records[stage.name] = [
                found for name in names if (found := ledger.find_record(stage.name, name)) is not None
            ]
            print(f"{stage.name}: {planned:.1f} s planned, {time.monotonic() - began:.1f} s in all", file=sys.stderr)
    publish(ledger, recipe.name, recipe.card, recipe.sources, recipe.mixture, recipe.synthesize, recipe.compose)


def planned_further(plan: RunPlan, stage: Stage, shards: list[str]) -> RunPlan:
    return plan.with_stage(stage.name, shards) if stage.decides else plan.with_table(stage.name, shards)


if __name__ == "__main__":
    if sys.argv[1] == "--compose":
        compose(Path(sys.argv[2]))
    else:
        given = sys.argv[2:]
        main(Path(sys.argv[1]), int(given[0]) if given else 100_000, Path(given[1]) if given[1:] else None)
