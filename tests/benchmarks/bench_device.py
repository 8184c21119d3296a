"""The whole speech side on one GPU, step by step, in batches and beside WhisperSpeech's own way:
`python -m tests.benchmarks.bench_device [--device cuda] [--batches 1 4 16 64 128 256] [--seconds 8]
[--precision float16] [--shapes released] [--alone 2] [--json FILE]`.

Models of the released shapes with random weights, so nothing is fetched: T2S (small), S2A (tiny), Vocos, WhisperVQ on
Whisper medium, and Whisper medium's decoder. T2S goes on for `--seconds` of speech, and the decoder for as many word
pieces as are said in that time. Each step is done once to be warm, then timed between two synchronizations. Prints
Markdown tables; `--json` keeps all numbers. It also runs on a CPU, with one torch thread as workers have:
`--device cpu --shapes micro --batches 1 4 --seconds 1`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import torch

from tests.benchmarks.devices import Cost, Device, device_of, make_room
from tests.benchmarks.random_models import SHAPES, write_checkpoints
from tests.benchmarks.speech_steps import (
    SAYING,
    STEPS,
    Models,
    Spoken,
    load_models,
    measure_batch,
    measure_package,
)

ROWS = 1_300_000
# Seconds of speech a second, from text to checked tokens.
AIM = 300
# Of English, as fast as T2S is told to speak: fifteen characters a second, four and a half in a word piece.
WORD_PIECES_PER_SECOND = 15 / 4.5


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cuda", help="a torch device")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 4, 16, 64, 128, 256])
    parser.add_argument("--seconds", type=float, default=8.0, help="of speech in a row")
    parser.add_argument("--precision", choices=["float16", "bfloat16", "float32"], help="float32 on a CPU")
    parser.add_argument("--shapes", choices=SHAPES, default="released")
    parser.add_argument("--alone", type=int, default=2, help="rows that are said by the package, too")
    parser.add_argument("--json", type=Path, dest="results")
    given = parser.parse_args(arguments)
    kind = torch.device(given.device).type
    if kind == "cuda" and not torch.cuda.is_available():
        raise SystemExit("there is no CUDA device: give --device cpu, and --shapes micro for an answer within a minute")
    precision = given.precision or ("float32" if kind == "cpu" else "float16")
    result = measure(given.shapes, given.device, precision, given.seconds, sorted(given.batches), given.alone)
    if given.results is not None:
        given.results.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(as_tables(result))


def measure(
    shapes: str, device: str, precision: str, seconds: float, batches: Sequence[int], alone: int
) -> dict[str, Any]:
    """All figures, for rows of so many seconds. Raises SystemExit where the models cannot say such rows."""
    tokens, longest = round(seconds * 25), SHAPES[shapes].longest
    if not 5 <= tokens <= longest:
        raise SystemExit(f"--seconds {seconds:g}: the models in {shapes} shapes say 0.2 to {longest / 25:g} s")
    pieces = max(1, round(seconds * WORD_PIECES_PER_SECOND))
    torch.set_num_threads(1)
    at = device_of(device)
    with tempfile.TemporaryDirectory() as folder:
        progress(f"making models of {shapes} shapes with random weights")
        files = write_checkpoints(SHAPES[shapes], pieces, Path(folder))
        models = load_models(files, device, getattr(torch, precision))
        return {
            "date": date.today().isoformat(),
            "device": at.name,
            "torch": torch.__version__,
            "precision": precision,
            "shapes": shapes,
            "seconds": tokens / 25,
            "word_pieces": pieces,
            "batches": in_batches(models, at, batches, tokens),
            "package": by_package(models, at, alone, tokens),
        }


def in_batches(models: Models, device: Device, batches: Sequence[int], tokens: int) -> list[dict[str, Any]]:
    """The figures of each batch size, or at which step it failed and why."""
    found: list[dict[str, Any]] = []
    before: Spoken | None = None
    for rows in batches:
        costs: dict[str, Cost] = {}
        try:
            spoken = measure_batch(models, device, rows, tokens, costs)
            figures = figures_of(costs, rows, tokens / 25)
            if before is not None:
                figures |= {"compared": len(before.texts), "alike": spoken.alike(before)}
            before = spoken
        except Exception as error:  # the other batch sizes may do
            figures = {"rows": rows, "failed": f"{STEPS[len(costs)]}: {in_short(error)}"}
        make_room()
        found.append(figures)
        progress(f"{rows} rows together: {figures.get('failed') or in_words(figures)}")
    return found


def by_package(models: Models, device: Device, rows: int, tokens: int) -> list[dict[str, Any]]:
    """The figures of the package's own way, or why it failed: as its Pipeline is, and on a GPU compiled as well."""
    ways = {"eager": False} | ({"compiled": True} if torch.device(models.device).type == "cuda" else {})
    found = []
    for way, compiled in ways.items():
        try:
            figures = figures_of(measure_package(models, device, rows, tokens, compiled), rows, tokens / 25)
        except Exception as error:  # what an old package meets on a new torch says nothing about the rest
            figures = {"failed": in_short(error)}
        make_room()
        found.append({"way": way} | figures)
        progress(f"one by one by the package, {way}: {figures.get('failed') or in_words(figures)}")
    return found


def figures_of(costs: Mapping[str, Cost], rows: int, seconds: float) -> dict[str, Any]:
    """Per row, of what the steps took of `rows` rows of so many seconds; and `total`, one step after the other."""
    took = {step: cost.seconds / rows for step, cost in costs.items()}
    peaks = {step: cost.peak_mib for step, cost in costs.items()}
    took, peaks = took | {"total": sum(took.values())}, peaks | {"total": max(peaks.values())}
    return {
        "rows": rows,
        "seconds_per_row": took,
        "times_real_time": {step: seconds / one for step, one in took.items()},
        "peak_mib": peaks,
        "rows_per_second": 1 / took["total"],
        "device_hours": ROWS * took["total"] / 3600,
    }


def in_words(figures: Mapping[str, Any]) -> str:
    steps = ", ".join(f"{step} {one:.4f}" for step, one in figures["seconds_per_row"].items())
    return f"{steps} s a row; {figures['times_real_time']['total']:.1f} times real time"


def as_tables(result: Mapping[str, Any]) -> str:
    batches = [batch for batch in result["batches"] if "failed" not in batch]
    package = [way for way in result["package"] if "failed" not in way]
    best = min((way["seconds_per_row"]["total"] for way in package), default=None)
    columns = [*STEPS, "total"]
    lines = [
        f"{result['device']}, torch {result['torch']}, {result['precision']}, {result['shapes']} shapes; rows of "
        f"{result['seconds']:g} s and {result['word_pieces']} word pieces; {result['date']}.",
        "",
        *header("rows together", [f"{step}, s a row" for step in columns], ["rows/s", f"hours for {ROWS:,} rows",
                "said faster than by the package", "rows as in the batch before"]),
    ]  # fmt: skip
    for batch in batches:
        saying = sum(batch["seconds_per_row"][step] for step in SAYING)
        faster = f"{best / saying:.1f} ×" if best else "–"
        alike = f"{batch['alike']} of {batch['compared']}" if "alike" in batch else "–"
        rates = [f"{batch['rows_per_second']:.2f}", f"{batch['device_hours']:,.1f}", faster, alike]
        lines.append(row(batch["rows"], [f"{batch['seconds_per_row'][step]:.4f}" for step in columns], rates))
    for title, figure, form in (
        ("times real time", "times_real_time", "{:,.1f}"),
        ("peak memory, MiB", "peak_mib", "{:,}"),
    ):
        lines += ["", *header(f"{title}; rows together", columns, [])]
        lines += [row(batch["rows"], [form.format(batch[figure][step]) for step in columns], []) for batch in batches]
    lines += ["", *header("one by one by the package", [f"{step}, s a row" for step in SAYING],
              ["all three", "× real time"])]  # fmt: skip
    for way in package:
        took = [f"{one:.4f}" for one in way["seconds_per_row"].values()]
        lines.append(row(way["way"], took, [f"{way['times_real_time']['total']:.1f}"]))
    return "\n".join([*lines, "", *remarks(result, batches)])


def remarks(result: Mapping[str, Any], batches: Sequence[Mapping[str, Any]]) -> list[str]:
    """What did not go, a line each, and whether the aim was met."""
    found = [f"{batch['rows']} rows together: {batch['failed']}." for batch in result["batches"] if "failed" in batch]
    found += [f"The package, {way['way']}: {way['failed']}." for way in result["package"] if "failed" in way]
    best = max(batches, key=lambda batch: batch["rows_per_second"], default=None)
    if best is not None:
        reached = best["times_real_time"]["total"]
        end = "met" if reached >= AIM else "MISSED"
        found.append(f"Best with {best['rows']} rows together: {reached:,.1f} × real time. The aim, {AIM} ×, is {end}.")
    return found


def in_short(error: Exception) -> str:
    """An error's kind and the first line of what it says."""
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0].rstrip('.')}"


def header(first: str, figures: Sequence[str], more: Sequence[str]) -> list[str]:
    return [row(first, figures, more), "| ---: " * (1 + len(figures) + len(more)) + "|"]


def row(first: object, figures: Sequence[str], more: Sequence[str]) -> str:
    return f"| {' | '.join([str(first), *figures, *more])} |"


def progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 1 and not torch.cuda.is_available():
        print("SKIPPED: there is no CUDA device; --device cpu --shapes micro shows how it goes")
        sys.exit(0)
    main(sys.argv[1:])
