"""Two parts of the rows beside each other, as a worker takes a shard on a GPU, against all of them at once:
`python -m tests.benchmarks.gpu.lanes RESULTS.json`.

Four times as many rows as there are places are said, encoded and read back: once as a whole, and once in two threads
with half of them each, of which one at a time has the tokenizer. Both are done once before, to be warm. Rows are of two
lengths, the longer in the first half. In half precision, in float32 on a CPU. Writes JSON after each number of places;
begins none after `--until` seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import torch

from sayso.stages.speech.protocols import Tokens
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.voices.whisperspeech.resampling import to_16_khz
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SemanticToAcoustic, Speech
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance
from sayso.stages.speech.voices.whisperspeech.vocoder import Vocos
from sayso.stages.speech.voices.whisperspeech.voice import read_speaker
from tests.benchmarks.devices import Device, device_of, make_room, precision_of
from tests.benchmarks.random_models import SHAPES, write_checkpoints
from tests.benchmarks.speech_steps import CPS, TEMPERATURE, Models, load_models, texts

# Rows for each place.
ROUNDS = 4

Said = list[tuple[Tokens, str]]


class Worker:
    """All that a worker holds, with so many places."""

    def __init__(self, models: Models, places: int, tokens: int) -> None:
        self._t2s, self._s2a = TextToSemantic(models.t2s, places, tokens), SemanticToAcoustic(models.s2a, places)
        together = 1 if torch.device(models.device).type == "cpu" else places
        self._vocoder, self._together = Vocos.load(models.files.vocoder, models.device, together), together
        self._tokenizer = WhisperVQ.load(
            models.files.quantizer, models.whisper, models.device, places, models.precision
        )
        self._tokens, self._reading = tokens, Lock()
        self._speaker = read_speaker("default")

    def take(self, rows: Sequence[Utterance]) -> Said:
        """Sound tokens and text of each row. Raises the error that one met."""
        semantic = [_whole(row) for row in self._t2s.generate(rows)]
        # T2S does not end by itself, so shorter rows are cut.
        cut = [row[: self._tokens if utterance.cps < CPS else self._tokens // 2] for row, utterance in zip(
            semantic, rows, strict=True)]  # fmt: skip
        speech = [Speech(row, self._speaker, TEMPERATURE, 2 * n.seed + 1) for row, n in zip(cut, rows, strict=True)]
        codes = [_whole(row) for row in self._s2a.generate(speech)]
        clips = [to_16_khz(_whole(row)) for row in self._vocoder.decode(codes)]
        with self._reading:
            sound = self._tokenizer.encode(clips)
        with self._reading:
            return [*zip(sound, self._tokenizer.decode_text(sound), strict=True)]


def whole(worker: Worker, rows: Sequence[Utterance]) -> Said:
    return worker.take(rows)


def in_two(worker: Worker, rows: Sequence[Utterance]) -> Said:
    middle = len(rows) // 2
    with ThreadPoolExecutor(2) as lanes:
        first, second = lanes.map(worker.take, (rows[:middle], rows[middle:]))
    return [*first, *second]


def compared(worker: Worker, device: Device, rows: Sequence[Utterance]) -> dict[str, Any]:
    """Milliseconds a row each way, and how many rows came out the same."""
    figures: dict[str, Any] = {}
    results: list[Said] = []
    ways: dict[str, Callable[[Worker, Sequence[Utterance]], Said]] = {"whole_ms": whole, "in_two_ms": in_two}
    for name, way in ways.items():
        way(worker, rows)
        begun = device.now()
        results.append(way(worker, rows))
        figures[name] = 1000 * (device.now() - begun) / len(rows)
    one, other = results
    pairs = zip(one, other, strict=True)
    same = sum(ours[0].tolist() == theirs[0].tolist() and ours[1] == theirs[1] for ours, theirs in pairs)
    return {**figures, "rows": len(rows), "same": same}


def _whole(row: Any) -> Any:
    if isinstance(row, Exception):
        raise row
    return row


@torch.inference_mode()
def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--shapes", choices=SHAPES, default="released")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--batches", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--until", type=float, default=60.0, help="seconds after which no more places are tried")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    begun, found = time.perf_counter(), list[dict[str, Any]]()
    precision = getattr(torch, precision_of(given.device))
    tokens = min(int(25 * given.seconds), SHAPES[given.shapes].longest)
    with tempfile.TemporaryDirectory() as folder:
        files = write_checkpoints(SHAPES[given.shapes], int(3.3 * given.seconds), Path(folder))
        models = load_models(files, given.device, precision)
        for places in given.batches:
            if time.perf_counter() - begun > given.until:
                print(f"left out, no time: {places} places", file=sys.stderr)
                continue
            said = texts(ROUNDS * places, given.seconds)
            speeds = [CPS - 1 if place < len(said) // 2 else CPS for place in range(len(said))]
            rows = [Utterance(text, "en", speed, TEMPERATURE, 2 * n) for n, (text, speed) in enumerate(zip(
                said, speeds, strict=True))]  # fmt: skip
            try:
                figures = compared(Worker(models, places, tokens), device_of(given.device), rows)
            except Exception as error:  # another number of places may do
                figures = {"failed": f"{type(error).__name__}: {error}"}
            found.append({"places": places, **figures})
            print(json.dumps(found[-1]), flush=True)
            given.results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            make_room()


if __name__ == "__main__":
    main(sys.argv[1:])
