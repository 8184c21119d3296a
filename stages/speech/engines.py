"""Which voices and which sound tokenizer a recipe asks for, and loading them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.records import installed_versions
from sayso.stages.speech.protocols import SpeechModelError, SpeechTokenizer, Synthesizer, TokenSynthesizer
from sayso.stages.speech.weights.finding import find_file, find_speaker, find_tokenizer, find_vocoder, without_folder
from sayso.stages.speech.weights.hashes import sha256_of


class WhisperSpeech(BaseModel):
    """The models that a WhisperSpeech voice speaks with, and how it speaks. Voices with the same models share them.

    Each text is drawn with a seed that follows from the recipe's seed, the row and the attempt. At temperature 0 there
    is nothing to draw, and only another speed makes another attempt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    t2s: str = Field(
        default="collabora/whisperspeech:t2s-small-en+pl.model",
        description="text to semantic tokens: a file, or a Hub file OWNER/NAME:FILE or OWNER/NAME@COMMIT:FILE",
    )
    s2a: str = Field(
        default="collabora/whisperspeech:s2a-q4-small-en+pl.model",
        description="semantic tokens to EnCodec's codes: a file, or a Hub file",
    )
    vocoder: str = Field(
        default="charactr/vocos-encodec-24khz",
        description="codes to audio: a folder with config.yaml and pytorch_model.bin, or a Hub repository",
    )
    route: Literal["audio", "direct"] = Field(
        default="audio",
        description="`direct` takes the semantic tokens as the sound tokens at the first attempt, the third, …, and "
        "makes no audio for them; only where T2S was trained on the tokenizer's own codes",
    )
    vq: str | None = Field(
        default=None,
        description="the WhisperVQ that T2S was trained on, a file or a Hub file; for `route: direct`, which compares "
        "it with the sound tokenizer",
    )
    language: str = Field(default="en", description="ISO 639-1 code; what the models know is in their names")
    cps: float = Field(default=15.0, gt=0, le=20, description="characters a second at speed 1")
    temperature: float = Field(default=0.7, ge=0, description="of the draws; 0 always takes the likeliest token")
    max_seconds: float = Field(default=29.9, gt=0, le=29.96, description="a row that has not ended by then is given up")
    max_batch_size: int = Field(
        default=16,
        gt=0,
        description="rows in the works at once, of all that are handed over; another number gives other last bits",
    )
    device: str = Field(default="cpu", description="a torch device: cpu, cuda, cuda:0, …")
    precision: Literal["float32", "float16", "bfloat16"] = Field(
        default="float32", description="of T2S and S2A; only float32 promises the same tokens in any batch"
    )

    @model_validator(mode="after")
    def _the_direct_route_names_its_codebook(self) -> WhisperSpeech:
        if (self.route == "direct") != (self.vq is not None):
            raise ValueError("the key vq, the WhisperVQ that t2s was trained on, goes with `route: direct`")
        return self


# What a voice is called by its engine when the recipe does not say.
SPEAKERS = {"hibari": "heart", "whisperspeech": "default"}


def _speaker(given: dict[str, Any]) -> str:
    return SPEAKERS[given.get("engine", "hibari")]


def _models(given: dict[str, Any]) -> WhisperSpeech | None:
    return WhisperSpeech() if given.get("engine") == "whisperspeech" else None


# The packages' licences, which cover their own voices.
LICENSES = {"hibari": "Apache-2.0", "whisperspeech": "MIT"}


def _license(given: dict[str, Any]) -> str | None:
    """The licence of an engine's own voice; what was made of a recording has none by itself."""
    engine = given.get("engine", "hibari")
    own = engine == "hibari" or given.get("speaker") == SPEAKERS[engine]
    return LICENSES[engine] if own else None


def _language(given: dict[str, Any]) -> str | None:
    models = given.get("whisperspeech")
    return models.language if models else "en"


class Voice(BaseModel):
    """A voice that rows may be said in. Licence, language, accent and consent go on the card and change no speech."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="what the published rows call it")
    engine: Literal["hibari", "whisperspeech"] = Field(default="hibari", description="the synthesizer that has it")
    speaker: str = Field(
        default_factory=_speaker,
        description="the engine's own name for it; for whisperspeech `default`, or a .npy file of 192 numbers",
    )
    whisperspeech: WhisperSpeech | None = Field(
        default_factory=_models, description="its models and settings, for the engine whisperspeech"
    )
    weight: float = Field(default=1.0, gt=0, description="how often it is chosen, beside the other voices")
    speeds: tuple[float, ...] = Field(
        default=(1.0, 0.9, 1.1), min_length=1, description="speed of the first try, the second, …"
    )
    license: str | None = Field(
        default_factory=_license,
        min_length=1,
        description="SPDX name or a sentence; the engines' own voices have theirs, one of a `.npy` file has none",
    )
    language: str | None = Field(
        default_factory=_language, pattern="^[a-z]{2}$", description="ISO 639-1 code; the engine's when not given"
    )
    accent: str | None = Field(default=None, min_length=1, description="such as Scottish")
    consent: str | None = Field(
        default=None, min_length=1, description="who agreed to what, in a sentence, where it is a person's voice"
    )

    @model_validator(mode="after")
    def _models_are_for_the_engine(self) -> Voice:
        if (self.engine == "whisperspeech") != (self.whisperspeech is not None):
            raise ValueError("the key whisperspeech goes with `engine: whisperspeech`, and with no other")
        return self

    @property
    def is_direct(self) -> bool:
        """Whether it makes some of its attempts as tokens, without audio."""
        return self.whisperspeech is not None and self.whisperspeech.route == "direct"

    def route(self, attempt: int) -> Literal["audio", "direct"]:
        """How it goes from text to tokens at an attempt, from 0: a direct voice takes turns with the way over audio."""
        return "direct" if self.is_direct and attempt % 2 == 0 else "audio"


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
    from sayso.stages.speech.tokenizers.whispervq.whispervq import load_bottleneck

    return load_bottleneck(model).sound_format


def load_voice(voice: Voice) -> Synthesizer:
    """Load the engine of a voice. Raises SpeechModelError."""
    try:
        if voice.whisperspeech:
            from sayso.stages.speech.voices.whisperspeech.voice import WhisperSpeechVoice

            return WhisperSpeechVoice(voice.whisperspeech, voice.speaker)
        from sayso.stages.speech.voices.hibari import HibariVoice

        return HibariVoice(voice.speaker)
    except Exception as error:  # packages, files and devices fail in ways of their own
        raise SpeechModelError(f"voice {voice.name!r} cannot be loaded: {error}") from error


def load_token_synthesizer(voice: Voice, tokenizer: SpeechTokenizer) -> TokenSynthesizer:
    """The direct route of a voice that has one, to this tokenizer's codes. Raises SpeechModelError."""
    try:
        from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
        from sayso.stages.speech.voices.whisperspeech.direct import DirectVoice
        from sayso.stages.speech.voices.whisperspeech.voice import WhisperSpeechVoice

        if not (voice.whisperspeech and voice.whisperspeech.vq and isinstance(tokenizer, WhisperVQ)):
            raise SpeechModelError("only a WhisperSpeech voice with `route: direct` says WhisperVQ's tokens")
        speaker = WhisperSpeechVoice(voice.whisperspeech, voice.speaker)
        return DirectVoice(speaker, voice.whisperspeech.vq, tokenizer)
    except Exception as error:  # packages, files and devices fail in ways of their own
        raise SpeechModelError(f"the direct route of voice {voice.name!r} cannot be taken: {error}") from error


def load_tokenizer(tokenizer: Tokenizer) -> SpeechTokenizer:
    """Load the sound tokenizer and the Whisper it needs. Raises SpeechModelError."""
    import torch

    from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
    from sayso.stages.speech.whisper.loading import load_whisper

    try:
        whisper = load_whisper(tokenizer.whisper, tokenizer.device)
        precision = getattr(torch, tokenizer.precision)
        return WhisperVQ.load(tokenizer.model, whisper, tokenizer.device, tokenizer.max_batch_size, precision)
    except Exception as error:  # packages, files and devices fail in ways of their own
        raise SpeechModelError(f"sound tokenizer {tokenizer.model!r} cannot be loaded: {error}") from error


def model_sha256(tokenizer: Tokenizer) -> str:
    """The sha256 of the tokenizer's checkpoint, fetched first where it lies on the Hub. Raises SpeechModelError."""
    try:
        return sha256_of(find_tokenizer(tokenizer.model))
    except (SpeechModelError, OSError) as error:
        raise SpeechModelError(f"sound tokenizer {tokenizer.model!r} cannot be loaded: {error}") from error


def tokenizer_whisper_sha256(tokenizer: Tokenizer) -> str:
    """The sha256 of the weights of the tokenizer's Whisper. Raises SpeechModelError."""
    from sayso.stages.speech.whisper.loading import whisper_sha256

    try:
        return whisper_sha256(tokenizer.whisper)
    except OSError as error:
        raise SpeechModelError(f"Whisper {tokenizer.whisper!r} cannot be loaded: {error}") from error


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
    packages = {"hibari": "hibari-tts", "whisperspeech": "WhisperSpeech"}
    found = {packages[voice.engine]: installed_versions().get(packages[voice.engine], "missing") for voice in voices}
    for voice in voices:
        try:
            files = _files(voice, voice.whisperspeech) if voice.whisperspeech else _hibari_files(voice.speaker)
            for role, (file, path) in files.items():
                sha256 = sha256_of(path)
                found[file if found.get(file, sha256) == sha256 else f"{file} as {role} of {voice.name}"] = sha256
        except (SpeechModelError, OSError) as error:
            raise SpeechModelError(f"voice {voice.name!r} cannot be loaded: {error}") from error
    return found


def _files(voice: Voice, models: WhisperSpeech) -> dict[str, tuple[str, Path]]:
    """What a voice loads, by what it is to the voice: what to call it, and where it lies."""
    config, weights = find_vocoder(models.vocoder)
    vocoder = without_folder(models.vocoder)
    quantizer = {"vq": (without_folder(models.vq), find_tokenizer(models.vq))} if models.vq else {}
    return quantizer | {
        "t2s": (without_folder(models.t2s), find_file(models.t2s)),
        "s2a": (without_folder(models.s2a), find_file(models.s2a)),
        "vocoder's config": (f"{vocoder} {config.name}", config),
        "vocoder": (f"{vocoder} {weights.name}", weights),
        "speaker": (f"speaker of {voice.name}", find_speaker(voice.speaker)),
    }


def _hibari_files(speaker: str) -> dict[str, tuple[str, Path]]:
    from sayso.stages.speech.voices.hibari import voice_file

    return {"speaker": (f"hibari {speaker}", voice_file(speaker))}
