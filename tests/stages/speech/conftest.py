"""What the speech tests share: Whisper and the bundled tokenizer, loaded once, and a few clips said by hibari."""

import numpy as np
import pytest
import soxr
import torch

from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.whisper.loading import load_whisper
from sayso.stages.speech.whisper.model import Whisper

SENTENCES = (
    "What is the capital of France?",
    "Give me three reasons why people like to travel by train.",
    "Stop.",
    "How do I take care of a cactus that stands at a north window?",
)


@pytest.fixture(scope="session")
def whisper() -> Whisper:
    torch.set_num_threads(1)
    return load_whisper("tiny.en@package")


@pytest.fixture(scope="session")
def tokenizer(whisper: Whisper) -> WhisperVQ:
    return WhisperVQ.load("whispervq-tiny-en", whisper)


@pytest.fixture(scope="session")
def clips() -> list[torch.Tensor]:
    """Of mixed length, and mixed loudness: the second is forty times as quiet as the first."""
    from hibari import Hibari

    voice = Hibari(threads=1)
    said = [torch.from_numpy(soxr.resample(voice(text, seed=0), 24_000, 16_000)) for text in SENTENCES]
    return [clip * loudness for clip, loudness in zip(said, (1.0, 0.025, 0.3, 0.8), strict=True)]


@pytest.fixture(scope="session")
def tokens(tokenizer: WhisperVQ, clips: list[torch.Tensor]) -> list[np.ndarray]:
    return tokenizer.encode(clips)
