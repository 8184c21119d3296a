"""Rows a second of voice, encoder and decode-back, one by one and batched, in one and in two processes:
`python tests/benchmarks/bench_speech.py [ROWS]`.

Says the first ROWS (64) of the held-out sentences and prints a Markdown table. CPU seconds stand beside wall
seconds, for other work may share the machine. Ends with an error where a batch or a process changed a token or a
letter.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.voices.hibari.voice import HibariVoice
from sayso.stages.speech.whisper.loading import load_whisper

HELD_OUT = Path(__file__).parents[1] / "stages" / "speech" / "held_out.txt"
BATCH = 16
models: dict[str, Any] = {}


def load() -> None:
    torch.set_num_threads(1)
    models.update(
        voice=HibariVoice("heart"), tokenizer=WhisperVQ.load("whispervq-tiny-en", load_whisper("tiny.en@package"))
    )
    models["voice"].synthesize(["Once, to be warm."], [0], [1.0])


def say(texts: list[str]) -> list[torch.Tensor]:
    return models["voice"].synthesize(texts, [0] * len(texts), [1.0] * len(texts))


def encode(clips: list[torch.Tensor]) -> list[np.ndarray]:
    return models["tokenizer"].encode(clips)


def decode(tokens: list[np.ndarray]) -> list[str]:
    return models["tokenizer"].decode_text(tokens)


def timed(work: Callable[[list], list], batch: list) -> tuple[list, float]:
    start = time.process_time()
    return work(batch), time.process_time() - start


def measure(
    pool: ProcessPoolExecutor | None, work: Callable[[list], list], items: list, size: int
) -> tuple[list, float, float]:
    """The results in order, wall seconds, and CPU seconds over all processes."""
    batches = [items[start : start + size] for start in range(0, len(items), size)]
    start = time.perf_counter()
    done = list((pool.map if pool else map)(timed, [work] * len(batches), batches))
    wall = time.perf_counter() - start
    return [one for results, _ in done for one in results], wall, sum(cpu for _, cpu in done)


def main(rows: int) -> None:
    load()
    texts = sorted(HELD_OUT.read_text(encoding="utf-8").splitlines()[:rows], key=len)
    print("| step | processes | batch | rows/s | CPU s a row |")
    print("| --- | ---: | ---: | ---: | ---: |")
    seen: dict[str, list] = {}
    cost: dict[str, float] = {}
    with ProcessPoolExecutor(2, get_context("spawn"), initializer=load) as pool:
        list(pool.map(say, [[text] for text in texts[:4]]))  # the processes start and load before anything is timed
        for processes, size in ((1, 1), (1, BATCH), (2, BATCH)):
            items: list = texts
            for work in (say, encode, decode):
                items, wall, cpu = measure(pool if processes == 2 else None, work, items, size)
                if any(
                    not np.array_equal(one, other)
                    for one, other in zip(items, seen.setdefault(work.__name__, items), strict=True)
                ):
                    raise SystemExit(f"{work.__name__}: other results with {processes} processes and batch {size}")
                cost[work.__name__] = cpu / rows
                print(f"| {work.__name__} | {processes} | {size} | {rows / wall:.2f} | {cpu / rows:.3f} |", flush=True)
    seconds = sum(map(len, seen["say"])) / 16_000 / rows
    total, largest = sum(cost.values()), max(cost, key=cost.__getitem__)
    print(f"\n{rows} rows of {seconds:.1f} s on average; all three steps: {1 / total:.2f} rows/s a core.")
    print(f"What bounds it is `{largest}`, {cost[largest] / total:.0%} of the time: each row costs an encoder window")
    print("of 30 s, however short it is.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64)
