"""What one step of each model takes on a GPU: `python -m tests.benchmarks.gpu.steps FILE [--device cuda]
[--shapes released] [--batches 16 64 256] [--until 120]`.

Of T2S, S2A and Whisper's decoder by batch and number of positions: kernels, and milliseconds launched one by one and
replayed from a graph. Of encoding: the mel, Whisper's encoder and choosing the codes. Of one query's attention over
many positions: torch's own ways and the kernel; of S2A's draws the same. In half precision, in float32 on a CPU. Writes
JSON after each; begins no part after `--until` seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.profiler import ProfilerActivity, profile

from sayso.stages.speech.devices.cuda_graphs import Graphs
from sayso.stages.speech.devices.draw_kernel import draw_by_kernel, draws_on
from sayso.stages.speech.devices.one_query import attend, kernel_on
from sayso.stages.speech.devices.sampling import draw_tokens
from sayso.stages.speech.tokenizers.whispervq import whisper_decoder
from sayso.stages.speech.tokenizers.whispervq.mels import padded_mels
from sayso.stages.speech.tokenizers.whispervq.whisper_decoder import GreedyDecoder
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ, first_frames
from sayso.stages.speech.voices.whisperspeech import stepping
from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import Speech
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import _Rows as SoundRows
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import Utterance
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import _Rows as TextRows
from sayso.stages.speech.whisper.loading import load_whisper
from tests.benchmarks.devices import MIB, make_room, precision_of
from tests.benchmarks.random_models import SHAPES, always_sound, never_ending, write_checkpoints

Figures = dict[str, Any]


class Bench:
    """A device, and what is done on it once the models are there."""

    def __init__(self, device: str, shapes: str, folder: Path) -> None:
        self.device = torch.device(device)
        self.cuda = self.device.type == "cuda"
        self.shapes, self.precision = SHAPES[shapes], getattr(torch, precision_of(device))
        files = write_checkpoints(self.shapes, 30, folder)
        self.t2s = never_ending(load_t2s(files.t2s, device, self.precision))
        self.s2a = always_sound(load_s2a(files.s2a, device, self.precision))
        whisper = load_whisper(files.whisper, device)
        self.tokenizer = WhisperVQ.load(files.quantizer, whisper, device, 1, self.precision)

    def milliseconds(self, work: Callable[[], object], times: int = 5) -> float:
        work()
        self._wait()
        begun = time.perf_counter()
        for _ in range(times):
            work()
        self._wait()
        return 1000 * (time.perf_counter() - begun) / times

    def kernels(self, work: Callable[[], object]) -> Figures:
        """How many kernels one call launches, and their milliseconds; on a CPU torch's operators are counted."""
        with profile(activities=[ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if self.cuda else [])]) as seen:
            work()
            self._wait()
        if not self.cuda:
            return {"operators": sum(event.name.startswith("aten::") for event in seen.events())}
        there = [event for event in seen.events() if event.device_type == torch.autograd.DeviceType.CUDA]
        longest = sorted(seen.key_averages(), key=lambda event: -event.self_device_time_total)[:8]
        return {
            "kernels": len(there),
            "kernel_ms": sum(event.device_time for event in there) / 1000,
            "longest": [
                f"{event.self_device_time_total / 1000:.3f} ms in {event.count} of {event.key[:90]}"
                for event in longest
            ],
        }

    def step(self, again: Callable[[], object], advance: Callable[[int], Tensor], positions: int) -> Figures:
        """A step at so many positions; `again` takes the rows back to where they were."""

        def launched() -> None:
            again()
            advance(positions)

        launched()
        figures = {**self.kernels(launched), "launched_ms": self.milliseconds(launched)}
        if self.cuda:
            graphs = Graphs(advance, self.device)
            again()
            graphs(positions)

            def replayed() -> None:
                again()
                graphs(positions)

            figures |= {"replayed_ms": self.milliseconds(replayed, 20), "recorded": positions in graphs._recorded}
            figures["allocated_mib"] = torch.cuda.memory_allocated() // MIB
        return figures

    def _wait(self) -> None:
        if self.cuda:
            torch.cuda.synchronize()


def of_text(bench: Bench, slots: int) -> Iterator[Figures]:
    longest = bench.shapes.t2s["stoks_len"] - 1
    rows = TextRows(bench.t2s, slots, longest)
    rows.prefill(range(slots), [Utterance(f"town number {n}", "en", 15.0, 0.7, n) for n in range(slots)])
    yield from of_rows(bench, "T2S", rows, (128, 256, longest), longest)


def of_sound(bench: Bench, slots: int) -> Iterator[Figures]:
    rows = SoundRows(bench.s2a, slots)
    tokens = np.arange(20, dtype=np.uint16)
    rows.prefill(range(slots), [Speech(tokens, np.ones(192, np.float32), 0.7, n) for n in range(slots)])
    yield from of_rows(bench, "S2A", rows, (128, 640, bench.s2a.ctx_n), bench.s2a.ctx_n)


def of_rows(bench: Bench, model: str, rows: Any, places: Sequence[int], most: int) -> Iterator[Figures]:
    for longest in sorted({min(place, most) for place in places}):

        def again(place: int = longest - 2) -> None:
            rows.states.positions.fill_(place)

        def advance(longest: int) -> Tensor:
            return rows._advance(stepping.Together(rows.states.positions, longest))

        yield {"model": model, "positions": longest, **bench.step(again, advance, longest)}


def of_reading(bench: Bench, rows: int) -> Iterator[Figures]:
    whisper = bench.tokenizer.whisper
    decoder = GreedyDecoder(whisper, bench.tokenizer.pieces, rows, 60)
    dims = whisper.dims
    features = torch.randn(rows, dims.n_audio_ctx, dims.n_audio_state, device=bench.device, dtype=decoder._dtype)
    yield {"model": "keys and values of what is heard", "ms": bench.milliseconds(lambda: decoder._prefill(features), 2)}
    decoder._limits[:] = 1000
    for longest in (whisper_decoder.STRETCH,):

        def again(place: int = longest - 2) -> None:
            decoder._place.fill_(place)

        yield {"model": "Whisper's decoder", "positions": longest, **bench.step(again, decoder._advance, longest)}
    codes = torch.zeros(rows, dims.n_audio_ctx // 2, dtype=torch.long, device=bench.device)
    yield {"model": "codes to features", "ms": bench.milliseconds(lambda: bench.tokenizer._reader.dequantize(codes), 2)}


def of_encoding(bench: Bench, rows: int) -> Iterator[Figures]:
    whisper = bench.tokenizer.whisper
    clips = [torch.randn(8 * 16_000, device=bench.device) for _ in range(rows)]

    def mels() -> Tensor:
        return padded_mels(clips, whisper.dims.n_mels)

    mel = mels().to(bench.precision)
    yield {"model": "mel", "ms": bench.milliseconds(mels, 2)}

    def encode() -> Tensor:
        return first_frames(whisper, mel, whisper.dims.n_audio_ctx)

    features = encode()
    yield {"model": "encoder", **bench.kernels(encode), "ms": bench.milliseconds(encode, 2)}
    choose = bench.tokenizer.bottleneck.quantize
    yield {"model": "features to codes", "ms": bench.milliseconds(lambda: choose(features.float()), 2)}


def of_drawing(bench: Bench, rows: int) -> Iterator[Figures]:
    """The codes of one step of S2A, by torch and by the kernel."""
    logits = torch.randn(4 * rows, 1026, device=bench.device, dtype=bench.precision)
    at = torch.arange(4 * rows, device=bench.device)
    given = logits, torch.full((4 * rows,), 0.7, device=bench.device), at, at
    figures: Figures = {"model": "draw", "torch": bench.milliseconds(lambda: draw_tokens(*given), 20)}
    if draws_on(bench.device):
        figures["kernel"] = bench.milliseconds(lambda: draw_by_kernel(*given), 20)
    yield figures


def of_attention(bench: Bench, rows: int) -> Iterator[Figures]:
    """One query of each row and head, over as many positions as T2S's text has and as Whisper hears."""
    ways: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {"torch's choice": F.scaled_dot_product_attention}
    for backend in (SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.CUDNN_ATTENTION):

        def by(query: Tensor, keys: Tensor, values: Tensor, backend: SDPBackend = backend) -> Tensor:
            with sdpa_kernel(backend):
                return F.scaled_dot_product_attention(query, keys, values)

        ways[backend.name] = by
    ways["two products"] = two_products
    if kernel_on(bench.device, 64):
        ways["kernel"] = lambda query, keys, values: attend(query[:, :, 0], keys, values, None, keys.shape[2])
    for heads, positions in ((12, 550), (16, 1500)) if bench.cuda else ((2, 10),):
        query = torch.randn(rows, heads, 1, 64, device=bench.device, dtype=bench.precision)
        keys, values = (torch.randn(rows, heads, positions, 64, device=bench.device, dtype=bench.precision)
                        for _ in range(2))  # fmt: skip
        figures: Figures = {"model": "attention of one query", "heads": heads, "positions": positions}
        for name, way in ways.items():
            try:
                figures[name] = bench.milliseconds(partial(way, query, keys, values), 20)
            except RuntimeError as error:
                figures[name] = str(error)[:80]
        figures["at 4 TB/s"] = 1000 * 2 * keys.numel() * keys.element_size() / 4e12
        yield figures


def two_products(query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    weights = (query * query.shape[-1] ** -0.5) @ keys.transpose(-1, -2)
    return weights.softmax(-1) @ values


@torch.inference_mode()
def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--shapes", choices=SHAPES, default="released")
    parser.add_argument("--batches", type=int, nargs="+", default=[16, 64, 256])
    parser.add_argument("--until", type=float, default=120.0, help="seconds after which no further part is begun")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    begun = time.perf_counter()
    found: list[Figures] = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(given.device, given.shapes, Path(folder))
        for rows in sorted(given.batches, reverse=True):
            for part in (of_reading, of_encoding, of_attention, of_drawing, of_text, of_sound):
                if time.perf_counter() - begun > given.until:
                    print(f"left out, no time: {part.__name__} of {rows} rows", file=sys.stderr)
                    continue
                try:
                    for figures in part(bench, rows):
                        found.append({"rows": rows, **figures})
                        print(json.dumps(found[-1]), flush=True)
                        given.results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
                except Exception as error:  # the other parts may do
                    found.append({"rows": rows, "part": part.__name__, "failed": f"{type(error).__name__}: {error}"})
                    print(json.dumps(found[-1]), flush=True)
                make_room()


if __name__ == "__main__":
    main(sys.argv[1:])
