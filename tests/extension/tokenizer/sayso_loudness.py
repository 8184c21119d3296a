"""A sound tokenizer of 2,560 codes: how loud each 40 ms are, beside the loudest of the clip."""

from typing import Literal

import numpy as np

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer

FORMAT = SoundFormat(name="Loudness", codes=2_560, tokens_per_second=25, max_tokens=750)
SAMPLES = 640


class LoudnessTokenizer:
    sample_rate, sound_format = 16_000, FORMAT

    def encode(self, clips):
        return [self._encode(clip.cpu().numpy()) for clip in clips]

    def _encode(self, clip):
        frames = clip[: len(clip) // SAMPLES * SAMPLES].reshape(-1, SAMPLES)[: FORMAT.max_tokens]
        loudness = np.sqrt(np.square(frames).mean(1))
        return np.rint(loudness / max(loudness.max(initial=0), 1e-9) * (FORMAT.codes - 1)).astype(np.uint16)

    def decode_text(self, tokens):
        return ["words that nobody can hear in loudness"] * len(tokens)


class Loudness(Tokenizer):
    """How loud each 40 ms are; what was said cannot be heard in it."""

    engine: Literal["loudness"] = "loudness"

    def sound_format(self):
        return FORMAT

    def load(self):
        return LoudnessTokenizer()
