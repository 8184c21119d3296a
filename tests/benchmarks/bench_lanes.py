"""What a shard in two lanes may gain on a GPU, beside one that is taken as a whole, reckoned without a GPU:
`python -m tests.benchmarks.bench_lanes [FILE]`.

The product's own batcher and lanes run models that only sleep, as long as a step of 256 places takes on an H200 (a
quarter of that, so other work on the machine changes the counts a little). Rows last and fail as in `bench_places`,
whose FILE this takes. What comes of it is how many steps the voice takes. At the least a row costs what the voice takes
for it, the tokenizer being at work meanwhile for nothing; at the most both, one after the other.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
import polars as pl

from sayso.stages.speech.voices.whisperspeech.batching import ContinuousBatcher
from sayso.stages.speech.voices.whisperspeech.stepping import prefill_batch
from sayso.stages.synthesize.lanes import Parts, in_lanes, whole
from tests.benchmarks.bench_places import CPS, DEVIATION, FAILING, HELD_OUT, Places, Row

SLOTS, ROWS = 256, 2_048
# Seconds of a step with all places, and of a row in the other models, as docs/benchmarks.md has them.
T2S_STEP, S2A_STEP = 0.005, 0.002
VOCODER, ENCODER, READING = 0.0005, 0.0028, 0.0024
# All sleep for so much of the time.
SCALE = 0.25


class Stream:
    """What does one thing after the other."""

    def __init__(self) -> None:
        self._lock = Lock()

    def work(self, seconds: float) -> None:
        with self._lock:
            time.sleep(seconds * SCALE)


class Stepping(Places):
    """Places whose steps take their time on a stream."""

    def __init__(self, stream: Stream, seconds: float) -> None:
        super().__init__(SLOTS, prefill_batch(SLOTS, "cuda"))
        self._stream, self._seconds = stream, seconds

    def step(self, slots: Sequence[int]) -> Mapping[int, None]:
        self._stream.work(self._seconds)
        return super().step(slots)


class Worker:
    """The models of a worker, and rows that fail as often as stated, each by draws of its own."""

    def __init__(self, voice: Stream, tokenizer: Stream) -> None:
        self.voice, self.tokenizer = voice, tokenizer
        self.models = [Stepping(voice, seconds) for seconds in (T2S_STEP, S2A_STEP)]
        self._t2s, self._s2a = (
            ContinuousBatcher(lambda _, model=model: model, SLOTS, lambda row: row.seems) for model in self.models
        )

    def take(self, rows: pl.DataFrame, parts: Parts) -> None:
        """All attempts at rows."""
        for attempt, failing in enumerate(FAILING):
            ids = [name for part in parts(rows, partial(self._say, attempt, failing)) for name in part]
            rows = rows.filter(pl.col("id").is_in(ids))
            if rows.is_empty():
                return

    def _say(self, attempt: int, failing: float, part: pl.DataFrame) -> list[str]:
        """One attempt; the ids of the rows that failed."""
        names, seems = part["id"].to_list(), [len(text) / CPS for text in part["spoken"]]
        draws = [np.random.default_rng((int(name), attempt)) for name in names]
        deviations = [draw.lognormal(-(DEVIATION**2) / 2, DEVIATION) for draw in draws]
        tokens = [max(2, int(25 * one * more)) for one, more in zip(seems, deviations, strict=True)]
        self._t2s.run([Row(one, count) for one, count in zip(seems, tokens, strict=True)])
        self._s2a.run([Row(count, 3 * count - 1) for count in tokens])
        self.voice.work(VOCODER * len(names))
        for seconds in (ENCODER, READING):
            self.tokenizer.work(seconds * len(names))
        return [name for name, draw in zip(names, draws, strict=True) if draw.random() < failing]


def main(arguments: Sequence[str]) -> None:
    texts = [text for text in Path(arguments[0] if arguments else HELD_OUT).read_text("utf-8").splitlines() if text]
    chosen = np.random.default_rng(2).choice(len(texts), ROWS)
    rows = pl.DataFrame(
        {
            "id": [f"{n:06}" for n in range(ROWS)],
            "spoken": [texts[n] for n in chosen],
        }
    )
    least = sum(len(text) for text in rows["spoken"]) / CPS * 25 / SLOTS
    print(f"{ROWS} rows, {SLOTS} places; {least:.0f} steps of T2S at least\n")
    print("| shard | T2S steps | S2A steps | places empty: T2S, S2A | ms a row: voice | at least | at most |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    ways: dict[str, Parts] = {"whole": whole, "two lanes": in_lanes}
    for way, parts in ways.items():
        worker = Worker(Stream(), Stream())
        worker.take(rows, parts)
        steps = " | ".join(f"{model.steps:,}" for model in worker.models)
        empty = ", ".join(f"{1 - model.taken / (model.steps * SLOTS):.1%}" for model in worker.models)
        seconds = (T2S_STEP, S2A_STEP)
        stepping = sum(model.steps * one for model, one in zip(worker.models, seconds, strict=True))
        voice, checking = 1000 * (stepping / ROWS + VOCODER), 1000 * (ENCODER + READING)
        least = voice + checking if parts is whole else max(voice, checking)
        told = " | ".join(f"{figure:.1f}" for figure in (voice, least, voice + checking))
        print(f"| {way} | {steps} | {empty} | {told} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
