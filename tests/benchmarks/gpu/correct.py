"""What must be right on CUDA: `python -m tests.benchmarks.gpu.correct [--device cuda] [--json FILE]`.

A plain script that imports torch and the speech modules alone, no pytest. On micro models in float32: tokens, sound
tokens and word pieces on the device are those of a CPU, and steps that are recorded give what steps launched kernel by
kernel give. In half precision at least half of the word pieces' rows are the same, of models that say noise. Recording
leaves torch as it was, also where it fails. Ends with status 1 where something is not right.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sayso.stages.speech.devices import draw_kernel, one_query, sampling
from sayso.stages.speech.devices.cuda_graphs import Graphs
from sayso.stages.speech.tokenizers.whispervq import whisper_decoder
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.voices.whisperspeech import stepping
from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SemanticToAcoustic, Speech
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance
from tests.stages.speech.tokenizers.whispervq.quantizers import KINDS, micro_quantizer, micro_whisper
from tests.stages.speech.voices.whisperspeech.checkpoints import SEMANTIC_CODES, micro_s2a, micro_t2s

ROWS, TOGETHER = 12, 5
KIND = KINDS["base-en+pl"]
# Of the rows in half precision.
MAY_DIFFER = ROWS // 2

Rows = Sequence[Any]
Work = Callable[[str], Rows]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--json", type=Path, dest="results")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for what, check in checks(Path(folder), given.device):
            try:
                right, seen = check()
            except Exception as error:  # the other checks may say more
                traceback.print_exc()
                right, seen = False, f"{type(error).__name__}: {str(error)[:300]}"
            found[what] = {"right": right, "seen": seen}
            print(f"{'right' if right else 'WRONG'}: {what}: {seen}", flush=True)
            if given.results is not None:
                given.results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return int(not all(result["right"] for result in found.values()))


def checks(folder: Path, device: str) -> Iterator[tuple[str, Callable[[], tuple[bool, str]]]]:
    """Each by what it checks; it gives whether that is right, and what was seen."""
    works: dict[str, Work] = {}
    for temperature in (0.0, 0.7):
        works[f"T2S at temperature {temperature:g}"] = lambda at, t=temperature: semantic(folder, at, t)
        works[f"S2A at temperature {temperature:g}"] = lambda at, t=temperature: acoustic(folder, at, t)
    works["sound tokens"] = lambda at: encoded(folder, at)
    works["word pieces"] = lambda at: read_back(folder, at, torch.float32)
    for what, work in works.items():
        yield f"{what}: {device} against cpu", lambda work=work: alike(work(device), work("cpu"))
    yield (
        "word pieces in half precision",
        lambda: alike(read_back(folder, device, torch.float16), read_back(folder, "cpu", torch.float32), MAY_DIFFER),
    )
    yield "several callers at once", lambda: several_callers(folder, device)
    yield "noise at the extreme bits", lambda: extreme_noise(device)
    if torch.device(device).type != "cuda":
        return
    here = torch.device("cuda", torch.device(device).index or 0)
    yield "the kernel for single queries", lambda: kernel_in_use(here)
    yield "the kernel for draws", lambda: draws_by_kernel(here)
    for what, work in works.items():
        yield f"{what}: recorded against launched", lambda work=work: recorded(work, device)
    yield "a recording that fails leaves the stream as it was", lambda: refused(here)
    yield "a recording of nothing is an error", lambda: empty(here)
    for place in range(1, torch.cuda.device_count()):
        yield f"recorded on cuda:{place}", lambda at=f"cuda:{place}": recorded(works["T2S at temperature 0.7"], at)


def semantic(folder: Path, device: str, temperature: float) -> Rows:
    rows = [
        Utterance("which town is it " * (1 + row % 3) + str(row), "en", 15.0, temperature, row) for row in range(ROWS)
    ]
    return TextToSemantic(load_t2s(str(micro_t2s(folder / "t2s.model")), device, torch.float32), TOGETHER).generate(
        rows
    )


def several_callers(folder: Path, device: str) -> tuple[bool, str]:
    """T2S called by two threads while a third encodes and reads back, all of it new, against each alone."""
    engine = TextToSemantic(load_t2s(str(micro_t2s(folder / "t2s.model")), device, torch.float32), TOGETHER)
    rows = [Utterance("which town is it " * (1 + row % 3) + str(row), "en", 15.0, 0.7, row) for row in range(ROWS)]
    quantizer, random = tokenizer(folder, device, torch.float32), np.random.default_rng(0)
    sound = [random.integers(0, 512, 10 + 6 * row).astype(np.uint16) for row in range(ROWS)]
    clips = [
        torch.randn(8000 + 2000 * row, generator=torch.Generator().manual_seed(row)).to(device) for row in range(5)
    ]
    with ThreadPoolExecutor(3) as threads:
        halves = [threads.submit(engine.generate, half) for half in (rows[::2], rows[1::2])]
        others = threads.submit(lambda: [*quantizer.encode(clips), *quantizer.decode_text(sound)])
    said = [row for pair in zip(*(half.result() for half in halves), strict=True) for row in pair]
    alone = [*engine.generate(rows), *quantizer.encode(clips), *quantizer.decode_text(sound)]
    return alike([*said, *others.result()], alone)


def acoustic(folder: Path, device: str, temperature: float) -> Rows:
    random = np.random.default_rng(0)
    rows = [
        Speech(
            random.integers(0, SEMANTIC_CODES - 1, 5 + 3 * row).astype(np.uint16),
            random.normal(size=192).astype(np.float32),
            temperature,
            row,
        )
        for row in range(ROWS)
    ]
    return SemanticToAcoustic(load_s2a(str(micro_s2a(folder / "s2a.model")), device, torch.float32), TOGETHER).generate(
        rows
    )


def encoded(folder: Path, device: str) -> Rows:
    random = torch.Generator().manual_seed(0)
    clips = [0.1 * torch.randn(4000 + 3000 * row, generator=random).cumsum(0).tanh() for row in range(ROWS)]
    return tokenizer(folder, device, torch.float32).encode([clip.to(device) for clip in clips])


def read_back(folder: Path, device: str, precision: torch.dtype) -> Rows:
    random = np.random.default_rng(0)
    rows = [random.integers(0, 512, 10 + 6 * row).astype(np.uint16) for row in range(ROWS)]
    return tokenizer(folder, device, precision).decode_text(rows)


def tokenizer(folder: Path, device: str, precision: torch.dtype) -> WhisperVQ:
    quantizer = micro_quantizer(KIND, folder / "quantizer.model")
    return WhisperVQ.load(str(quantizer), micro_whisper(KIND), device, TOGETHER, precision)


def alike(ours: Rows, theirs: Rows, may_differ: int = 0) -> tuple[bool, str]:
    pairs = [(_plain(one), _plain(other)) for one, other in zip(ours, theirs, strict=True)]
    same = sum(not isinstance(one, Exception) and np.array_equal(one, other) for one, other in pairs)
    different = len({str(one) for one, _ in pairs})
    return same >= len(
        pairs
    ) - may_differ and different > 1, f"{same} of {len(pairs)} alike, {different} different rows"


def recorded(work: Work, device: str) -> tuple[bool, str]:
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="no CUDA graphs")
        ours = work(device)
    with _launched():
        return alike(ours, work(device))


def extreme_noise(device: str) -> tuple[bool, str]:
    # All 24 bits of one of these are set.
    noise = sampling.gumbel(torch.tensor([162], device=device), torch.tensor([83], device=device), 514)
    return bool(noise.isfinite().all()), f"at most {float(noise.max()):.4f}"


def kernel_in_use(device: torch.device) -> tuple[bool, str]:
    differences = [one_query.greatest_difference(device, width) for width in (16, 64)]
    return one_query.kernel_on(device, 64), f"off by {max(differences):.5f} at most"


def draws_by_kernel(device: torch.device) -> tuple[bool, str]:
    wrong = draw_kernel.rows_drawn_otherwise(device)
    return draw_kernel.draws_on(device), f"{wrong} of {2 * draw_kernel.ROWS} rows drawn otherwise than by torch"


def refused(device: torch.device) -> tuple[bool, str]:
    total = torch.zeros(1, device=device)

    def step(longest: int) -> Tensor:
        total.add_(longest)
        if torch.cuda.is_current_stream_capturing():
            total.item()  # waits for the device, which cannot be recorded
        return total

    before = torch.cuda.current_stream(device)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        steps = Graphs(step, device)
        for _ in range(3):
            steps(2)
    torch.cuda.empty_cache()  # which fails where torch still waits for the recording
    same = torch.cuda.current_stream(device) == before
    warned = [str(warning.message)[:60] for warning in caught if "no CUDA graphs" in str(warning.message)]
    return same and len(warned) == 1 and float(total) == 6, f"sum {float(total):g} of 6, stream kept {same}, {warned}"


def empty(device: torch.device) -> tuple[bool, str]:
    try:
        Graphs(torch.tensor, device)(1)
    except RuntimeError as error:
        return "nothing was recorded" in str(error), str(error)[:100]
    return False, "no error"


@contextmanager
def _launched() -> Iterator[None]:
    """Where steps are not recorded."""
    kept = stepping.Graphs, whisper_decoder.Graphs
    stepping.Graphs = whisper_decoder.Graphs = lambda step, device: step  # type: ignore[assignment,misc]
    try:
        yield
    finally:
        stepping.Graphs, whisper_decoder.Graphs = kept  # type: ignore[misc]


def _plain(row: Any) -> Any:
    return row.cpu().numpy() if isinstance(row, Tensor) else row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
