"""A sound tokenizer of 2,560 codes: how loud each 40 ms are, beside the loudest of the clip."""

from typing import Literal

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer


class LoudnessTokenizer:
    sample_rate = 16_000
    sound_format = SoundFormat(name="Loudness", codes=2_560, tokens_per_second=25, max_tokens=750)

    def encode(self, clips):
        loud = [clip[: len(clip) // 640 * 640].reshape(-1, 640)[:750].square().mean(1).sqrt() for clip in clips]
        return [(2_559 * each / each.max().clamp(1e-9)).round().cpu().numpy().astype("uint16") for each in loud]

    def decode_text(self, tokens):
        return ["no word is heard in loudness"] * len(tokens)


class Loudness(Tokenizer):
    """How loud each 40 ms are; no word can be heard in it."""

    engine: Literal["loudness"] = "loudness"

    def sound_format(self):
        return LoudnessTokenizer.sound_format

    def load(self):
        return LoudnessTokenizer()
