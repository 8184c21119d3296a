"""A voice and a tokenizer that speak in bytes: a letter lasts 50 ms and is one token. And rows for them to say."""

import numpy as np
import polars as pl
import torch

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.gates import Gates

SAMPLES = 800


def letters(text, samples=SAMPLES):
    """The samples in which a text is heard, so many for each letter."""
    return np.repeat(np.frombuffer(text.encode(), np.uint8).astype(np.float32), samples)


ANY_WORDS = Gates(
    max_wer=99,
    max_cer=99,
    max_lost_start=99,
    max_lost_end=99,
    max_lost_inside=99,
    max_wrong_numbers=99,
    max_wrong_negations=99,
    max_name_error=1,
    max_silence=1,
    min_speaking_rate=0,
    max_speaking_rate=999,
)


class LetterVoice:
    """Says letters; `cannot` raises, `mumbles` garbles at its first speed, `hums` never says a word right.

    Of `slurs` it says one letter wrong.
    """

    def synthesize(self, texts, seeds, speeds):
        return [self._say(text, speed) for text, speed in zip(texts, speeds, strict=True)]

    def _say(self, text, speed):
        if "cannot" in text:
            raise RuntimeError("no phonemes for this text")
        if "silent" in text:
            return torch.zeros(0)
        if "forever" in text:
            text = text * 100
        text = text.replace("slurs", "slurz")
        if "hums" in text or ("mumbles" in text and speed == 1.0):
            text = "z" * len(text)
        return torch.from_numpy(letters(text))


class LetterTokenizer:
    sound_format = SoundFormat(name="letters", codes=256, tokens_per_second=20, max_tokens=600)
    sample_rate = 16_000

    def encode(self, clips):
        return [clip[::SAMPLES].numpy().astype(np.uint16) for clip in clips]

    def decode_text(self, tokens):
        return [bytes(row.astype(np.uint8)).decode() for row in tokens]

    def transcribe(self, clips):
        return LetterTokenizer.decode_text(self, LetterTokenizer.encode(self, clips))


class LetterTokens:
    """Says letters as tokens at once, and none of `audio` right: the voice that is heard says it better."""

    def synthesize_tokens(self, texts, seeds, speeds):
        return [self._say(text) for text in texts]

    def _say(self, text):
        if "cannot" in text:
            raise RuntimeError("no phonemes for this text")
        letters = np.frombuffer(text.encode(), np.uint8).astype(np.uint16)
        return letters[::-1] if "audio" in text else letters


MODELS = SpeechModels({"heart": LetterVoice()}, LetterTokenizer())


def rows(*spoken):
    return pl.DataFrame(
        {
            "id": [f"{n:032x}" for n in range(len(spoken))],
            "source": ["facts"] * len(spoken),
            "position": [f"facts.jsonl:{n + 1}" for n in range(len(spoken))],
            "spoken": list(spoken),
            "kind": ["instruction"] * len(spoken),
            "later_turns": [None] * len(spoken),
        },
        schema={**dict.fromkeys(("id", "source", "position", "spoken", "kind"), pl.String), "later_turns": LATER_TURNS},
    )


def talks(*spoken):
    """Rows of several turns, each given as the texts to say."""
    later = [[{"prompt": text, "spoken": text, "answer": "Yes."} for text in texts[1:]] or None for texts in spoken]
    return rows(*(texts[0] for texts in spoken)).with_columns(pl.Series("later_turns", later, dtype=LATER_TURNS))


def reasons(outcome):
    return dict(outcome.verdicts.select("position", "reason").rows())
