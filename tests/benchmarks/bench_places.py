"""How many places of WhisperSpeech's batches stand empty: `python -m tests.benchmarks.bench_places [FILE]`.

FILE has a text to say on each line; without it the held-out sentences are taken, which are short. The product's own
batcher is run with models that only count, so nothing is said: T2S takes 25 steps a second and S2A 75. A text lasts as
long as its letters say, 15 a second, but for a deviation that is drawn (20%), which the batcher does not know
beforehand. Of the rows, 7% fail and are said again, 40% of these once more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sayso.stages.speech.voices.whisperspeech.batching import ContinuousBatcher
from sayso.stages.speech.voices.whisperspeech.stepping import prefill_batch

HELD_OUT = Path(__file__).parents[1] / "stages/speech/held_out.txt"
CPS, DEVIATION = 15.0, 0.2
FAILING = (0.07, 0.4, 0.0)
SHARDS = 4


@dataclass(frozen=True)
class Row:
    """A row: how long it seems, by which it is put in order, and the steps that it takes."""

    seems: float
    steps: int


class Places:
    """A model that only counts: its steps, and how many rows were at work in each."""

    def __init__(self, slots: int, together: int) -> None:
        self.slots, self.prefill_batch = slots, together
        self.steps = self.taken = 0
        self._left: dict[int, int] = {}

    def check(self, row: Row) -> None:
        pass

    def prefill(self, slots: Sequence[int], rows: Sequence[Row]) -> None:
        self._left |= {slot: row.steps for slot, row in zip(slots, rows, strict=True)}

    def step(self, slots: Sequence[int]) -> Mapping[int, None]:
        self.steps, self.taken = self.steps + 1, self.taken + len(slots)
        for slot in slots:
            self._left[slot] -= 1
        return {slot: None for slot in slots if self._left[slot] == 0}


class Voice:
    """T2S and S2A, each with so many places on a device."""

    def __init__(self, slots: int, device: str) -> None:
        self.models = [Places(slots, prefill_batch(slots, device)) for _ in range(2)]
        self._batchers = [
            ContinuousBatcher(lambda slots, model=model: model, slots, lambda row: row.seems) for model in self.models
        ]

    def say(self, seems: Sequence[float], tokens: Sequence[int]) -> None:
        self._batchers[0].run([Row(one, count) for one, count in zip(seems, tokens, strict=True)])
        self._batchers[1].run([Row(count, 3 * count - 1) for count in tokens])

    @property
    def empty(self) -> list[float]:
        """The share of places that stood empty, of T2S and of S2A."""
        return [1 - model.taken / (model.steps * model.slots) for model in self.models]


def attempts(lengths: Sequence[float], rows: int, failing: Sequence[float]) -> Iterator[tuple[list[float], list[int]]]:
    """How long the rows seem that are to be said, and their tokens, for each attempt of some shards."""
    random = np.random.default_rng(1)
    for _ in range(SHARDS):
        seems = np.sort(random.choice(np.asarray(lengths), rows))
        for share in failing:
            if not len(seems):
                break
            tokens = 25 * seems * random.lognormal(-(DEVIATION**2) / 2, DEVIATION, len(seems))
            yield seems.tolist(), tokens.clip(min=2).astype(int).tolist()
            seems = seems[random.random(len(seems)) < share]


def by(count: int) -> Callable[[Sequence[float], Sequence[int]], Iterator[tuple[Sequence[float], Sequence[int]]]]:
    """Parts of so many rows."""

    def parts(seems: Sequence[float], tokens: Sequence[int]) -> Iterator[tuple[Sequence[float], Sequence[int]]]:
        for start in range(0, len(seems), count):
            yield seems[start : start + count], tokens[start : start + count]

    return parts


def main(arguments: Sequence[str]) -> None:
    texts = Path(arguments[0] if arguments else HELD_OUT).read_text(encoding="utf-8").splitlines()
    lengths = [len(text) / CPS for text in texts if text]
    print(f"{len(lengths)} texts of {np.mean(lengths):.1f} s, from {min(lengths):.1f} to {max(lengths):.1f} s\n")
    print("| device | places | rows a shard | handed over | T2S, S2A empty at the first attempt | of all attempts |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for device, slots, rows, handed in (
        ("cpu", 16, 64, 16),
        ("cpu", 16, 64, 64),
        ("cuda", 64, 2_000, 256),
        ("cuda", 64, 2_000, 2_000),
        ("cuda", 256, 2_048, 256),
        ("cuda", 256, 2_048, 1_024),
        ("cuda", 256, 2_048, 2_048),
        ("cuda", 256, 8_192, 8_192),
    ):
        shares = []
        for failing in ((0.0,), FAILING):
            voice = Voice(slots, device)
            for seems, tokens in attempts(lengths, rows, failing):
                for part in by(handed)(seems, tokens):
                    voice.say(*part)
            shares.append(", ".join(f"{share:.1%}" for share in voice.empty))
        print(f"| {device} | {slots} | {rows:,} | {handed:,} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main(sys.argv[1:])
