"""What a voice and a sound tokenizer must do, so that engines can be exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.errors import ExitCode, SaysoError

if TYPE_CHECKING:
    from torch import Tensor

# By name, for recipes are read where nobody speaks and torch is not loaded.
Clip: TypeAlias = "Tensor"
"""Mono samples, (samples,) float32, on the device where they were made. Who needs them elsewhere takes them there."""
Tokens = npt.NDArray[np.uint16]

SAMPLE_RATE = 16_000
"""Of every clip that a voice says, in Hz."""


class SpeechModelError(SaysoError):
    """Raised when a voice or a model cannot be loaded; the message says what is missing or wrong, in one sentence."""

    exit_code = ExitCode.BAD_SOURCE


class SynthesisError(Exception):
    """One text cannot be said, or not rightly; the message says why. Others in its batch are untouched."""


class Synthesizer(Protocol):
    """A voice. What it says of a text depends on that text, seed and speed alone.

    It gets all texts that there are, a shard's or more, and takes as many of them at a time as it has room for.
    """

    def synthesize(
        self, texts: Sequence[str], seeds: Sequence[int], speeds: Sequence[float]
    ) -> Sequence[Clip | Exception]:
        """Each text said: 16 kHz mono, in order, or the error that it met if the others need not be said again.

        `speeds` are factors, 1.0 is the voice's own.
        """
        ...


class TokenSynthesizer(Protocol):
    """A voice that says texts as sound tokens at once, without sound. What it says depends on the same as a voice's.

    As a voice, it gets all texts that there are.
    """

    def synthesize_tokens(
        self, texts: Sequence[str], seeds: Sequence[int], speeds: Sequence[float]
    ) -> Sequence[Tokens | Exception]:
        """The tokens of each text, in order, or the error that it met if the others need not be said again."""
        ...


class SpeechTokenizer(Protocol):
    """Sound tokens of speech, and the text that the tokens still hold.

    In float32 the results for a row depend on that row alone, whatever is in the batch beside it.
    """

    sound_format: SoundFormat
    """What its tokens are like."""
    sample_rate: int
    """Of the clips that `encode` takes, in Hz."""

    def encode(self, clips: Sequence[Clip]) -> list[Tokens]:
        """The sound tokens of each clip, on whatever device it is; none for one that is too short or not a sound."""
        ...

    def decode_text(self, tokens: Sequence[Tokens]) -> list[str]:
        """The text heard in each row of tokens."""
        ...

    def transcribe(self, clips: Sequence[Clip]) -> list[str]:
        """The text heard in each clip without the tokens between: what the tokens are measured against."""
        ...
