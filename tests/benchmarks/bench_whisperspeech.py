"""Texts a second of WhisperSpeech's T2S and S2A: in batches, and one by one as the package's own pipeline does it:
`python tests/benchmarks/bench_whisperspeech.py [TOKENS [BATCH [ALONE]]]`.

t2s-small's and s2a-tiny's true shapes with random weights, so nothing is fetched. Every text gets TOKENS (100, or 4 s)
semantic tokens, and three times as many acoustic steps. BATCH (16) different texts are said together, the first ALONE
(1) of them by the package as well, in turn, on one thread. CPU seconds count, for other work may share the machine.
Ends with an error where a token differs, or the batch is less than sixteen times as fast.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from whisperspeech.s2a_delar_mup_wds_mlang import SADelARTransformer
from whisperspeech.t2s_up_wds_mlang_enclm import TSARTransformer

from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SemanticToAcoustic, Speech
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance
from sayso.stages.speech.voices.whisperspeech.voice import read_speaker
from tests.benchmarks.random_models import SHAPES, never_ending, write_s2a, write_t2s

REQUIRED = 16
QUESTION = "Which of the {} towns along the river has the oldest bridge, and who built it in which year?"
GREEDY = {"T": 1.0, "top_k": 1, "show_progress_bar": False}


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    return work(), time.process_time() - start


def measure_t2s(file: str, texts: list[str], tokens: int, alone: int) -> tuple[list[np.ndarray], dict[str, float]]:
    """The tokens of each text, and CPU seconds a text: alone, in the batch, and of the batch's encoder."""
    theirs = TSARTransformer.load_model(file, device="cpu")
    theirs.optimize(torch_compile=False, dtype=torch.float32)
    never_ending(theirs)
    ours = never_ending(load_t2s(file, "cpu", torch.float32))
    rows = [Utterance(text, "en", 15.0, 0.0, place) for place, text in enumerate(texts)]
    theirs.generate(texts[0], N=3, **GREEDY)  # to be warm
    _, encode = timed(lambda: TextToSemantic(ours, len(rows), longest=1).generate(rows))
    together = TextToSemantic(ours, len(rows), longest=tokens)
    found, batch = timed(lambda: together.generate(rows))
    expected, single = timed(lambda: [theirs.generate(text, N=tokens + 1, **GREEDY)[0] for text in texts[:alone]])
    same("T2S", found, [row.numpy() for row in expected])
    return found, {"alone": single / alone, "batch": batch / len(rows), "encoder": encode / len(rows)}


def measure_s2a(file: str, tokens: list[np.ndarray], alone: int) -> dict[str, float]:
    """CPU seconds a row: alone, in the batch, and of the batch's encoder with the few steps of two tokens."""
    speaker = read_speaker("default")
    theirs = SADelARTransformer.load_model(file, device="cpu")
    theirs.optimize(torch_compile=False, dtype=torch.float32)
    ours = load_s2a(file, "cpu", torch.float32)
    rows = [Speech(row, speaker, 0.0, place) for place, row in enumerate(tokens)]
    together = SemanticToAcoustic(ours, len(rows))
    _, encode = timed(lambda: together.generate([Speech(row.tokens[:2], speaker, 0.0, row.seed) for row in rows]))
    found, batch = timed(lambda: together.generate(rows))

    def one(row: Speech) -> torch.Tensor:
        stoks = torch.from_numpy(row.tokens.astype(np.int64))
        return theirs.generate(stoks, torch.from_numpy(speaker)[None], **GREEDY)[0]

    expected, single = timed(lambda: [one(row) for row in rows[:alone]])
    same("S2A", [row.numpy() for row in found], [row.numpy() for row in expected])
    return {"alone": single / alone, "batch": batch / len(rows), "encoder": encode / len(rows)}


def same(model: str, ours: list[np.ndarray], theirs: list[np.ndarray]) -> None:
    for place, expected in enumerate(theirs):
        if not np.array_equal(ours[place], expected):
            raise SystemExit(f"{model}: text {place} got other tokens than from WhisperSpeech itself")


def main(tokens: int, batch: int, alone: int) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    texts = [QUESTION.format(place + 2) for place in range(batch)]
    with tempfile.TemporaryDirectory() as folder:
        t2s = write_t2s(SHAPES["released"], Path(folder) / "t2s.model")
        s2a = write_s2a(SHAPES["released"], Path(folder) / "s2a.model")
        with torch.inference_mode():
            found, seconds_t2s = measure_t2s(t2s, texts, tokens, alone)
            gc.collect()
            seconds_s2a = measure_s2a(s2a, found, alone)
    print("| step | one by one, CPU s a row | batch, CPU s a row | of it the encoder | times as fast |")
    print("| --- | ---: | ---: | ---: | ---: |")
    total = {key: seconds_t2s[key] + seconds_s2a[key] for key in seconds_t2s}
    for step, cost in (("T2S, small", seconds_t2s), ("S2A, tiny", seconds_s2a), ("both", total)):
        ratio = cost["alone"] / cost["batch"]
        share = f"{cost['encoder'] / cost['batch']:.0%}"
        print(f"| {step} | {cost['alone']:.1f} | {cost['batch']:.2f} | {share} | {ratio:.1f} |")
    print(f"\n{tokens} semantic tokens ({tokens / 25:.1f} s) a row, {batch} rows together, {alone} by the package.")
    if total["alone"] < REQUIRED * total["batch"]:
        raise SystemExit(f"less than {REQUIRED} times as fast as one by one")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [100, 16, 1][len(given) :]))
