"""The whole speech side on one GPU, step by step, in batches and beside the packages' own ways, one by one:
`python -m tests.benchmarks.bench_device [--device cuda] [--batches 1 4 16 64 128 256] [--seconds 8]
[--precision float16] [--shapes released] [--alone 2] [--json FILE]`.

Models of the released shapes with random weights, so nothing is fetched: T2S (small), S2A (tiny), Vocos, WhisperVQ on
Whisper medium, and Whisper medium's decoder. T2S goes on for `--seconds` of speech, and the decoder for as many word
pieces as are said in that time. Each step is done once to be warm, then timed between two synchronizations. Prints
Markdown tables; `--json` keeps all numbers, after each batch. It also runs on a CPU, with one torch thread as workers
have: `--device cpu --shapes micro --batches 1 4 --seconds 1`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import torch

from tests.benchmarks.device_tables import ROWS, as_tables
from tests.benchmarks.devices import Cost, Device, device_of, make_room, precision_of
from tests.benchmarks.random_models import SHAPES, write_checkpoints
from tests.benchmarks.speech_steps import (
    CHECKING,
    SAYING,
    STEPS,
    Models,
    Spoken,
    Way,
    load_models,
    measure_batch,
    measure_package,
)

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
    precision = given.precision or precision_of(given.device)

    def keep(result: Mapping[str, Any]) -> None:
        if given.results is not None:
            given.results.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")

    batches = sorted(given.batches)
    print(as_tables(measure(given.shapes, given.device, precision, given.seconds, batches, given.alone, keep)))


def measure(
    shapes: str,
    device: str,
    precision: str,
    seconds: float,
    batches: Sequence[int],
    alone: int,
    keep: Callable[[Mapping[str, Any]], None],
) -> dict[str, Any]:
    """All figures, for rows of so many seconds; `keep` gets what there is after each batch.

    Raises SystemExit where the models cannot say such rows.
    """
    tokens, longest = round(seconds * 25), SHAPES[shapes].longest
    if not 5 <= tokens <= longest:
        raise SystemExit(f"--seconds {seconds:g}: the models in {shapes} shapes say 0.2 to {longest / 25:g} s")
    pieces = max(1, round(seconds * WORD_PIECES_PER_SECOND))
    torch.set_num_threads(1)
    at = device_of(device)
    with tempfile.TemporaryDirectory() as folder:
        print(f"making models of {shapes} shapes with random weights", file=sys.stderr, flush=True)
        files = write_checkpoints(SHAPES[shapes], pieces, Path(folder))
        models = load_models(files, device, getattr(torch, precision))
        result: dict[str, Any] = {
            "date": date.today().isoformat(),
            "device": at.name,
            "torch": torch.__version__,
            "precision": precision,
            "shapes": shapes,
            "seconds": tokens / 25,
            "word_pieces": pieces,
            "batches": [],
            "best": None,
            "package": [],
        }
        for figures in in_batches(models, at, batches, tokens):
            result["batches"].append(figures)
            result["best"] = best_of(result["batches"])
            keep(result)
        for figures in by_package(models, at, alone, tokens) if alone else ():
            result["package"].append(figures)
            keep(result)
        return result


def in_batches(models: Models, device: Device, batches: Sequence[int], tokens: int) -> Iterator[dict[str, Any]]:
    """The figures of each batch size; of one that failed, those of the steps before, and where it failed and why."""
    before: Spoken | None = None
    for rows in batches:
        costs: dict[str, Cost] = {}
        try:
            spoken = measure_batch(models, device, rows, tokens, costs)
            figures = figures_of(with_total(costs), rows, tokens / 25)
            if before is not None:
                unlike, compared = spoken.unlike(before), len(before.texts)
                figures |= {"compared": compared, "alike": compared - sum(unlike.values()), "unlike": unlike}
            before = spoken
        except Exception as error:  # the other batch sizes may do
            figures = figures_of(costs, rows, tokens / 25)
            figures["failed"] = f"{STEPS[len(costs)]}: {in_short(error)}"
        make_room()
        progress(f"{rows} rows together", figures)
        yield figures


def by_package(models: Models, device: Device, rows: int, tokens: int) -> Iterator[dict[str, Any]]:
    """The figures of each way in which a package says them, or why there are none."""
    for way in ways_of_packages(torch.device(models.device)):
        figures: dict[str, Any] = {"way": way.name}
        try:
            if way.missing:
                figures["failed"] = way.missing
            else:
                costs = measure_package(models, device, rows, tokens, way)
                figures |= figures_of(with_total(costs), rows, tokens / 25)
        except Exception as error:  # what an old package meets on a new torch says nothing about the rest
            figures["failed"] = in_short(error)
        make_room()
        progress(f"one by one by the package, {way.name}", figures)
        yield figures


def ways_of_packages(device: torch.device) -> list[Way]:
    """WhisperSpeech as its Pipeline is, and on a GPU compiled as well; its fork, on a GPU with the graphs it is for."""
    eager = Way("WhisperSpeech", "whisperspeech", {"torch_compile": False})
    if device.type != "cuda":
        return [eager, Way("whisperspeech2", "whisperspeech2")]
    return [
        eager,
        Way("whisperspeech2, CUDA graphs", "whisperspeech2", {"use_cuda_graph": True}),
        # The last, for it may be compiled for longer than there is time.
        Way("WhisperSpeech, compiled", "whisperspeech", {"torch_compile": True}),
    ]


def best_of(batches: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The numbers of rows together that a recipe would name, the fastest of each; none where no batch went through.

    The voice's is that of T2S, S2A and the vocoder, the tokenizer's that of encoding and decoding back.
    """
    parts: dict[str, tuple[float, int]] = {}
    for part, steps in (("voice", SAYING), ("tokenizer", CHECKING)):
        took = [
            (sum(batch["seconds_per_row"][step] for step in steps), batch["rows"])
            for batch in batches
            if all(step in batch["seconds_per_row"] for step in steps)
        ]
        if not took:
            return None
        parts[part] = min(took)
    together = {f"{part}_batch_size": rows for part, (_, rows) in parts.items()}
    seconds_per_row = sum(seconds for seconds, _ in parts.values())
    return {**together, "seconds_per_row": seconds_per_row, **rates(seconds_per_row)}


def with_total(costs: Mapping[str, Cost]) -> dict[str, Cost]:
    """The costs of steps, and that of one after the other."""
    total = Cost(sum(cost.seconds for cost in costs.values()), max(cost.peak_mib for cost in costs.values()))
    return {**costs, "total": total}


def figures_of(costs: Mapping[str, Cost], rows: int, seconds: float) -> dict[str, Any]:
    """Per row, of what steps took of `rows` rows of so many seconds; with rows a second where there is a total."""
    took = {step: cost.seconds / rows for step, cost in costs.items()}
    return {
        "rows": rows,
        "seconds_per_row": took,
        "times_real_time": {step: seconds / one for step, one in took.items()},
        "peak_mib": {step: cost.peak_mib for step, cost in costs.items()},
        **(rates(took["total"]) if "total" in took else {}),
    }


def rates(seconds_per_row: float) -> dict[str, float]:
    return {"rows_per_second": 1 / seconds_per_row, "device_hours": ROWS * seconds_per_row / 3600}


def in_short(error: Exception) -> str:
    """An error's kind and the first line of what it says."""
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0].rstrip('.')}"


def progress(what: str, figures: Mapping[str, Any]) -> None:
    """A line on stderr: seconds a row of each step, and what failed."""
    steps = [f"{step} {one:.4f} s" for step, one in figures.get("seconds_per_row", {}).items()]
    print(f"{what}, a row: {'; '.join([*steps, *([figures['failed']] if 'failed' in figures else [])])}",
          file=sys.stderr, flush=True)  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) == 1 and not torch.cuda.is_available():
        print("SKIPPED: there is no CUDA device; --device cpu --shapes micro shows how it goes")
        sys.exit(0)
    main(sys.argv[1:])
