"""Are the tokens of a batch those of WhisperSpeech itself, in the released shapes?
`python -m tests.benchmarks.check_whisperspeech [TOKENS [TEXTS]]`.

t2s-small's and s2a-tiny's true shapes with random weights, in float32, greedy, on one thread. TEXTS (32) texts of 1 to
549 bytes get at most TOKENS (16) semantic tokens each, and some end before; as many rows of 2 to TOKENS semantic tokens
get their acoustic codes. Each is done by the package alone, and all of them in batches of 1, 7 and 32, shuffled each
time. Ends with an error at the first row that differs. The tests hold small models to the same; in these shapes it
takes minutes, so it is no test.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm
from whisperspeech.s2a_delar_mup_wds_mlang import SADelARTransformer
from whisperspeech.s2a_delar_mup_wds_mlang import Tunables as S2ATunables
from whisperspeech.t2s_up_wds_mlang_enclm import TSARTransformer
from whisperspeech.t2s_up_wds_mlang_enclm import Tunables as T2STunables

from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SPEAKER_WIDTH, SemanticToAcoustic, Speech
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance
from tests.benchmarks.bench_whisperspeech import GREEDY
from tests.benchmarks.random_models import SHAPES
from tests.stages.speech.voices.whisperspeech.checkpoints import lively, saved

WORDS = "Which of the towns along the river has the oldest bridge, who built it, and in which year was it done? "
LONGEST_TEXT = 549
TOGETHER = (1, 7, 32)


def check_t2s(folder: Path, tokens: int, texts: int) -> None:
    model = lively(TSARTransformer(**SHAPES["released"].t2s, tunables=T2STunables()))
    # The end comes up often enough for rows to end at different places.
    nn.init.normal_(model.embeddings.embedding.special.weight, std=0.7)
    file = str(saved(model, folder / "t2s.model"))
    theirs = TSARTransformer.load_model(file, device="cpu")
    theirs.optimize(torch_compile=False, dtype=torch.float32)
    lengths = np.linspace(1, LONGEST_TEXT, texts).astype(int).tolist()
    rows = [Utterance((WORDS * 6)[n : n + length], "en", 15.0, 0.0, n) for n, length in enumerate(lengths)]
    # The package gives one token less than it is asked for.
    found = [
        theirs.generate(row.text, cps=row.cps, N=tokens + 1, **GREEDY)[0].numpy()
        for row in tqdm(rows, "T2S by the package")
    ]
    # It does not look whether the very first token is the end, and goes on.
    expected = [row[:0] if row[0] == theirs.stoks_codes else row for row in found]
    ours = load_t2s(file, "cpu", torch.float32)
    compare("T2S", rows, lambda together: TextToSemantic(ours, together, tokens), expected)


def check_s2a(folder: Path, tokens: int, texts: int) -> None:
    """With drawn tokens, for those of T2S may be too few for any sound."""
    model = lively(SADelARTransformer(**SHAPES["released"].s2a, tunables=S2ATunables()))
    file = str(saved(model, folder / "s2a.model"))
    theirs = SADelARTransformer.load_model(file, device="cpu")
    theirs.optimize(torch_compile=False, dtype=torch.float32)
    random = np.random.default_rng(0)
    rows = [
        Speech(
            random.integers(0, theirs.stoks_codes - 1, length).astype(np.uint16),
            random.normal(size=SPEAKER_WIDTH).astype(np.float32),
            temperature=0.0,
            seed=0,
        )
        for length in np.linspace(2, tokens, texts).astype(int)
    ]
    expected = [
        theirs.generate(torch.from_numpy(row.tokens.astype(np.int64)), torch.from_numpy(row.speaker)[None], **GREEDY)[0]
        for row in tqdm(rows, "S2A by the package")
    ]
    ours = load_s2a(file, "cpu", torch.float32)
    compare("S2A", rows, lambda together: SemanticToAcoustic(ours, together), [row.numpy() for row in expected])


def compare(what: str, rows: Sequence[Any], engine: Callable[[int], Any], expected: Sequence[np.ndarray]) -> None:
    """Raises SystemExit at the first row that is another in a batch than by the package."""
    lengths = [row.shape[-1] for row in expected]
    different = len({row.tobytes() for row in expected})
    print(f"{what}: {len(rows)} rows of {min(lengths)} to {max(lengths)} steps, {different} of them different")
    for together in TOGETHER:
        order = np.random.default_rng(together).permutation(len(rows)).tolist()
        for place, ours in zip(order, engine(together).generate([rows[place] for place in order]), strict=True):
            if not np.array_equal(ours, expected[place]):
                raise SystemExit(
                    f"{what}, {together} together: row {place} is {ours}, by the package {expected[place]}"
                )
        print(f"{what}: in batches of {together} all tokens are the same", flush=True)


def main(tokens: int, texts: int) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        check_t2s(Path(folder), tokens, texts)
        check_s2a(Path(folder), tokens, texts)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [16, 32][len(given) :]))
