"""Which voices and which sound tokenizer a recipe asks for, and loading them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.packages import cause_of
from sayso.stages.speech.protocols import SpeechModelError, SpeechTokenizer, Synthesizer, TokenSynthesizer
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.weights.finding import find_tokenizer, without_folder
from sayso.stages.speech.weights.hashes import sha256_of


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
    max_batch_size: int = Field(
        default=8,
        gt=0,
        description="rows that go through Whisper at once; on a CPU through its decoder only. Another number gives "
        "other last bits",
    )
    precision: Literal["float32", "float16", "bfloat16"] = Field(
        default="float32",
        description="of Whisper's encoder, and on a GPU of its decoder, too; only float32 promises the same tokens in "
        "any batch",
    )

    def sound_format(self) -> SoundFormat:
        """What the tokens of this tokenizer are like, from its checkpoint. Raises SpeechModelError."""
        return _sound_format(self.model)


@cache
def _sound_format(model: str) -> SoundFormat:
    try:
        from sayso.stages.speech.tokenizers.whispervq.whispervq import load_bottleneck
    except ImportError as error:
        raise SpeechModelError(f"sound tokenizer {model!r} cannot be loaded: {cause_of(error)}") from error
    return load_bottleneck(model).sound_format


def load_voice(voice: Voice) -> Synthesizer:
    """Load the engine of a voice. Raises SpeechModelError."""
    try:
        return voice.load()
    except Exception as error:  # packages, files and devices fail in ways of their own
        raise SpeechModelError(f"voice {voice.name!r} cannot be loaded: {cause_of(error)}") from error


def load_token_synthesizer(voice: Voice, tokenizer: SpeechTokenizer) -> TokenSynthesizer:
    """The direct route of a voice that has one, to this tokenizer's codes. Raises SpeechModelError."""
    try:
        return voice.load_direct(tokenizer)
    except Exception as error:  # packages, files and devices fail in ways of their own
        cause = cause_of(error)
        raise SpeechModelError(f"the direct route of voice {voice.name!r} cannot be taken: {cause}") from error


def load_tokenizer(tokenizer: Tokenizer) -> SpeechTokenizer:
    """Load the sound tokenizer and the Whisper it needs. Raises SpeechModelError."""
    try:
        import torch

        from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
        from sayso.stages.speech.whisper.loading import load_whisper

        whisper = load_whisper(tokenizer.whisper, tokenizer.device)
        precision = getattr(torch, tokenizer.precision)
        return WhisperVQ.load(tokenizer.model, whisper, tokenizer.device, tokenizer.max_batch_size, precision)
    except Exception as error:  # packages, files and devices fail in ways of their own
        raise SpeechModelError(f"sound tokenizer {tokenizer.model!r} cannot be loaded: {cause_of(error)}") from error


def model_sha256(tokenizer: Tokenizer) -> str:
    """The sha256 of the tokenizer's checkpoint, fetched first where it lies on the Hub. Raises SpeechModelError."""
    try:
        return sha256_of(find_tokenizer(tokenizer.model))
    except (SpeechModelError, OSError) as error:
        raise SpeechModelError(f"sound tokenizer {tokenizer.model!r} cannot be loaded: {cause_of(error)}") from error


def tokenizer_whisper_sha256(tokenizer: Tokenizer) -> str:
    """The sha256 of the weights of the tokenizer's Whisper. Raises SpeechModelError."""
    try:
        from sayso.stages.speech.whisper.loading import whisper_sha256

        return whisper_sha256(tokenizer.whisper)
    except (ImportError, OSError) as error:
        raise SpeechModelError(f"Whisper {tokenizer.whisper!r} cannot be loaded: {cause_of(error)}") from error


def models_used(voices: Sequence[Voice], tokenizer: Tokenizer) -> dict[str, object]:
    """All that what is heard depends on beside the recipe, by its content: where it lies does not matter.

    Raises SpeechModelError where a file cannot be had.
    """
    return {
        "model_sha256": model_sha256(tokenizer),
        "whisper_sha256": tokenizer_whisper_sha256(tokenizer),
        "engines": engine_versions(voices),
    }


def published_name(tokenizer: Tokenizer) -> str:
    """What a dataset card calls the tokenizer: its name, not the folder it lies in here, and what its bytes are."""
    model = f"{without_folder(tokenizer.model)} (sha256 {model_sha256(tokenizer)})"
    return f"{model} on Whisper {without_folder(tokenizer.whisper)} (sha256 {tokenizer_whisper_sha256(tokenizer)})"


def engine_versions(voices: Sequence[Voice]) -> dict[str, str]:
    """What the voices speak with: the versions of their packages, and the sha256 of the files they load.

    Files are called as in the recipe, without the folder they lie in; where two are called the same, the second with
    what it is to which voice. Raises SpeechModelError where a file cannot be had.
    """
    found = {package: installed for voice in voices for package, installed in voice.package_version().items()}
    for voice in voices:
        try:
            for role, (file, path) in voice.files().items():
                sha256 = sha256_of(path)
                found[file if found.get(file, sha256) == sha256 else f"{file} as {role} of {voice.name}"] = sha256
        except (SpeechModelError, ImportError, OSError) as error:
            raise SpeechModelError(f"voice {voice.name!r} cannot be loaded: {cause_of(error)}") from error
    return found
