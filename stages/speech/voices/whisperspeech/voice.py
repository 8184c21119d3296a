"""A WhisperSpeech voice: many texts to 16 kHz speech, in batches from end to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch

from sayso.stages.speech.protocols import Clip, SpeechModelError, SynthesisError, Tokens
from sayso.stages.speech.voices.whisperspeech.files import find_speaker
from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s
from sayso.stages.speech.voices.whisperspeech.resampling import to_16_khz
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SPEAKER_WIDTH, SemanticToAcoustic, Speech
from sayso.stages.speech.voices.whisperspeech.settings import WhisperSpeechSettings
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance
from sayso.stages.speech.voices.whisperspeech.vocoder import Vocos

Item = TypeVar("Item")
Result = TypeVar("Result")


class WhisperSpeechVoice:
    """A speaker that WhisperSpeech's models speak as. Voices of the same models share them in memory.

    `speaker` is "default" or a .npy file of 192 numbers. Raises SpeechModelError where a model or the speaker cannot be
    loaded.
    """

    def __init__(self, settings: WhisperSpeechSettings, speaker: str) -> None:
        device, precision, together = settings.device, settings.precision, settings.max_batch_size
        self._settings, self._speaker = settings, read_speaker(speaker)
        self._t2s = _t2s(settings.t2s, device, precision, together, settings.max_seconds)
        self._s2a = _s2a(settings.s2a, device, precision, together)
        self.semantic_codes = self._t2s.codes
        # One at a time on a CPU, where a batch gains nothing and the bits of a convolution depend on its length.
        self._vocoder = _vocoder(settings.vocoder, device, 1 if device == "cpu" else together)
        if self._s2a.codebooks not in self._vocoder.takes:
            raise SpeechModelError(
                f"{settings.s2a} says {self._s2a.codebooks} codebooks, and vocoder {settings.vocoder} takes "
                f"{' or '.join(map(str, self._vocoder.takes))}"
            )

    def synthesize(self, texts: Sequence[str], seeds: Sequence[int], speeds: Sequence[float]) -> list[Clip | Exception]:
        """Each text said, on the voice's device, or why it cannot be.

        A speed multiplies the voice's characters a second.
        """
        own = self._settings
        tokens = self.synthesize_tokens(texts, seeds, speeds)
        speech = [
            # Another seed than for the tokens, so that the two draws have nothing in common.
            row if isinstance(row, Exception) else Speech(row, self._speaker, own.temperature, 2 * seed + 1)
            for row, seed in zip(tokens, seeds, strict=True)
        ]
        return _onward(_onward(speech, self._s2a.generate), self._audio)

    def synthesize_tokens(
        self, texts: Sequence[str], seeds: Sequence[int], speeds: Sequence[float]
    ) -> list[Tokens | Exception]:
        """The semantic tokens that each text is said by, 25 a second, or why it cannot be said."""
        own = self._settings
        utterances = [
            Utterance(text, own.language, own.cps * speed, own.temperature, 2 * seed)
            for text, seed, speed in zip(texts, seeds, speeds, strict=True)
        ]
        return [self._ended(row) for row in self._t2s.generate(utterances)]

    def _audio(self, rows: Sequence[torch.Tensor]) -> list[Clip | Exception]:
        """16 kHz audio of codes; of what is on the way to that, no more than one group's is kept."""
        together = self._settings.max_batch_size
        groups = (rows[start : start + together] for start in range(0, len(rows), together))
        audio = (row for group in groups for row in self._vocoder.decode(group))
        return [row if isinstance(row, Exception) else to_16_khz(row) for row in audio]

    def _ended(self, tokens: Tokens | Exception) -> Tokens | Exception:
        if isinstance(tokens, Exception):
            return tokens
        if not len(tokens):
            return SynthesisError("the model ended before it had said anything")
        if len(tokens) == self._t2s.longest:
            return SynthesisError(f"the model had not ended after {len(tokens)} semantic tokens")
        return tokens


def read_speaker(speaker: str) -> npt.NDArray[np.float32]:
    """A speaker's embedding, (192,). Raises SpeechModelError."""
    path = find_speaker(speaker)
    try:
        embedding = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise SpeechModelError(f"{path} is no speaker, a .npy file of {SPEAKER_WIDTH} numbers: {error}") from None
    if getattr(embedding, "shape", None) != (SPEAKER_WIDTH,) or embedding.dtype.kind not in "fiu":
        raise SpeechModelError(f"{path} is no speaker: it holds no row of {SPEAKER_WIDTH} numbers")
    if not np.isfinite(embedding).all() or not embedding.any():
        raise SpeechModelError(f"{path} is no speaker: its numbers are all zero, or one is not finite")
    return embedding.astype(np.float32)


def _onward(
    rows: Sequence[Item | Exception], model: Callable[[Sequence[Item]], Sequence[Result | Exception]]
) -> list[Result | Exception]:
    """What a model makes of the rows that have come so far; the errors of the others stay in their places."""
    made = iter(model([row for row in rows if not isinstance(row, Exception)]))
    return [row if isinstance(row, Exception) else next(made) for row in rows]


@cache
def _t2s(ref: str, device: str, precision: str, together: int, seconds: float) -> TextToSemantic:
    return TextToSemantic(load_t2s(ref, device, getattr(torch, precision)), together, int(seconds * 25))


@cache
def _s2a(ref: str, device: str, precision: str, together: int) -> SemanticToAcoustic:
    return SemanticToAcoustic(load_s2a(ref, device, getattr(torch, precision)), together)


@cache
def _vocoder(ref: str, device: str, together: int) -> Vocos:
    return Vocos.load(ref, device, together)
