"""The embedded default voice: hibari, a small neural English voice that runs on a CPU."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import soxr

SAMPLE_RATE = 16_000


class HibariVoice:
    """One hibari voice, resampled to 16 kHz. The voice "heart" is in the package, others come on first use.

    Raises ModuleNotFoundError without the package, ValueError for a voice it does not have.
    """

    def __init__(self, speaker: str) -> None:
        try:
            import hibari
            from hibari.voices import VOICES
        except ImportError:
            raise ModuleNotFoundError("the voice engine is not installed: pip install hibari-tts==0.2.1") from None
        if speaker not in VOICES:
            raise ValueError(f"hibari has no voice {speaker!r}; it has {', '.join(sorted(VOICES))}")
        self._engine = hibari.Hibari(voice=speaker, threads=1)

    def say(self, texts: Sequence[str], seeds: Sequence[int], speeds: Sequence[float]) -> list[npt.NDArray[np.float32]]:
        """Say each text; 16 kHz mono float32. The same text, seed and speed always give the same samples."""
        clips = []
        for text, seed, speed in zip(texts, seeds, speeds, strict=True):
            audio = self._engine(text, speed=speed, seed=seed)
            clips.append(soxr.resample(audio, self._engine.sample_rate, SAMPLE_RATE).astype(np.float32))
        return clips
