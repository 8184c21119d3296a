from typing import Literal

import soxr
import torch

from sayso.stages.speech.voices.hibari.voice import HibariVoice
from sayso.stages.speech.voices.voice import Voice


class Low(Voice):
    """A voice of hibari some semitones lower."""

    engine: Literal["low"] = "low"
    speaker: str = "heart"
    semitones: float = 1.5

    def load(self):
        return LowVoice(HibariVoice(self.speaker), 2 ** (self.semitones / 12))


class LowVoice:
    def __init__(self, voice, factor):
        self.voice, self.factor = voice, factor

    def synthesize(self, texts, seeds, speeds):
        clips = self.voice.synthesize(texts, seeds, [speed * self.factor for speed in speeds])
        return [torch.from_numpy(soxr.resample(clip.numpy(), 1, self.factor)) for clip in clips]
