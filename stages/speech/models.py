"""Which voices and which sound tokenizer a recipe asks for, and loading them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from manifests.records import installed_versions
from stages.speech.protocols import SpeechModelError, SpeechTokenizer, Synthesizer


class Voice(BaseModel):
    """A voice that rows may be said in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="what the published rows call it")
    engine: Literal["hibari"] = Field(default="hibari", description="the synthesizer that has it")
    speaker: str = Field(default="heart", description="the engine's own name for it")
    weight: float = Field(default=1.0, gt=0, description="how often it is chosen, beside the other voices")
    speeds: tuple[float, ...] = Field(
        default=(1.0, 0.9, 1.1), min_length=1, description="speed of the first try, the second, …"
    )


class Tokenizer(BaseModel):
    """What turns speech into sound tokens, and the tokens back into text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: Literal["whispervq"] = "whispervq"
    model: str = Field(
        default="whispervq-tiny-en",
        description="the bundled model's name, a file, or a Hub file such as jan-hq/WhisperVQ:FILE",
    )
    whisper: str = Field(
        default="tiny.en@package",
        description="the Whisper it was trained on: in a package, a file, or a released name such as medium",
    )
    device: str = Field(default="cpu", description="a torch device: cpu, cuda, cuda:0, …")


def load_voice(voice: Voice) -> Synthesizer:
    """Load the engine of a voice. Raises SpeechModelError."""
    from stages.speech.hibari import HibariVoice

    engines = {"hibari": HibariVoice}
    try:
        return engines[voice.engine](voice.speaker)
    except Exception as error:
        raise SpeechModelError(f"voice {voice.name!r} cannot be loaded: {error}") from error


def load_tokenizer(tokenizer: Tokenizer) -> SpeechTokenizer:
    """Load the sound tokenizer and the Whisper it needs. Raises SpeechModelError."""
    from stages.speech.whisper import load_whisper
    from stages.speech.whispervq import WhisperVQ

    try:
        whisper = load_whisper(tokenizer.whisper, tokenizer.device)
        return WhisperVQ.load(tokenizer.model, whisper, tokenizer.device)
    except Exception as error:
        raise SpeechModelError(f"sound tokenizer {tokenizer.model!r} cannot be loaded: {error}") from error


def model_sha256(tokenizer: Tokenizer) -> str:
    """The sha256 of the tokenizer's checkpoint, fetched first where it lies on the Hub. Raises SpeechModelError."""
    from stages.speech.whispervq import find_checkpoint

    try:
        with open(find_checkpoint(tokenizer.model), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except Exception as error:
        raise SpeechModelError(f"sound tokenizer {tokenizer.model!r} cannot be loaded: {error}") from error


def published_name(tokenizer: Tokenizer) -> str:
    """What a dataset card calls the tokenizer: its name, not the folder it lies in here, and what its bytes are."""
    name = tokenizer.model if ":" in tokenizer.model else tokenizer.model.rsplit("/", 1)[-1]
    return f"{name} (sha256 {model_sha256(tokenizer)[:16]}…)"


def engine_versions(voices: Sequence[Voice]) -> dict[str, str]:
    """The versions of the packages that the voices speak with: another version says the same text otherwise."""
    packages = {"hibari": "hibari-tts"}
    return {packages[voice.engine]: installed_versions().get(packages[voice.engine], "missing") for voice in voices}
