"""A hibari voice at work: texts to 16 kHz speech, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import soxr
import torch

from sayso.stages.speech.protocols import SAMPLE_RATE, Clip
from sayso.stages.speech.voices.hibari.files import voice_file


class HibariVoice:
    """One hibari voice, resampled to 16 kHz. The voice "heart" is in the package, others come on first use.

    Raises SpeechModelError without the package, and for a voice that it does not have or that cannot be fetched.
    """

    def __init__(self, speaker: str) -> None:
        path = voice_file(speaker)
        from hibari import Hibari

        self._engine = Hibari(voice=speaker, model=str(path), threads=1)

    def synthesize(self, texts: Sequence[str], seeds: Sequence[int], speeds: Sequence[float]) -> list[Clip]:
        """Say each text; 16 kHz mono. The same text, seed and speed always give the same samples."""
        clips = []
        for text, seed, speed in zip(texts, seeds, speeds, strict=True):
            audio = self._engine(text, speed=speed, seed=seed)
            resampled = soxr.resample(audio, self._engine.sample_rate, SAMPLE_RATE)
            clips.append(torch.from_numpy(resampled.astype(np.float32, copy=False)))
        return clips
