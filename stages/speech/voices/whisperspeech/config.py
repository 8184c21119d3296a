"""A voice of WhisperSpeech as a recipe names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from sayso.stages.speech.protocols import SpeechModelError, SpeechTokenizer, Synthesizer, TokenSynthesizer
from sayso.stages.speech.tokenizers.whispervq.files import checkpoint_weights, find_checkpoint
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.voices.whisperspeech.files import (
    DEFAULT,
    find_speaker,
    find_vocoder,
    speaker_weights,
    vocoder_weights,
)
from sayso.stages.speech.voices.whisperspeech.settings import WhisperSpeechSettings
from sayso.stages.speech.weights.finding import find_file, without_folder
from sayso.stages.speech.weights.weights import Weights, of_file


def _license(given: dict[str, Any]) -> str | None:
    """The package's licence covers its own speaker; one that was made of a recording has none by itself."""
    return "MIT" if given.get("speaker") == DEFAULT else None


class WhisperSpeech(Voice):
    """A voice of WhisperSpeech, which speaks several languages as any speaker that 192 numbers describe."""

    engine: Literal["whisperspeech"] = Field(default="whisperspeech", description="the synthesizer that has it")
    speaker: str = Field(default=DEFAULT, description="`default`, or a .npy file of 192 numbers")
    license: str | None = Field(
        default_factory=_license,
        min_length=1,
        description="SPDX name or a sentence; `default` has its own, a `.npy` file has none",
    )
    whisperspeech: WhisperSpeechSettings = Field(
        default=WhisperSpeechSettings(), description="its models, and how it speaks"
    )

    @model_validator(mode="before")
    @classmethod
    def _speaks_the_language_of_its_models(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "language" in given:
            return given
        settings = given.get("whisperspeech")
        language = settings.get("language") if isinstance(settings, dict) else getattr(settings, "language", None)
        return {**given, "language": language or WhisperSpeechSettings().language}

    has_several_callers: ClassVar[bool] = True

    @property
    def computes_on(self) -> str:
        return self.whisperspeech.device

    @property
    def language_said(self) -> str | None:
        return self.whisperspeech.language

    @property
    def is_direct(self) -> bool:
        return self.whisperspeech.route == "direct"

    @property
    def speaker_file(self) -> str | None:
        return self.speaker if self.speaker.endswith(".npy") else None

    def load(self) -> Synthesizer:
        from sayso.stages.speech.voices.whisperspeech.voice import WhisperSpeechVoice

        return WhisperSpeechVoice(self.whisperspeech, self.speaker)

    def load_direct(self, tokenizer: SpeechTokenizer) -> TokenSynthesizer:
        from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
        from sayso.stages.speech.voices.whisperspeech.direct import DirectVoice
        from sayso.stages.speech.voices.whisperspeech.voice import WhisperSpeechVoice

        if not (self.whisperspeech.vq and isinstance(tokenizer, WhisperVQ)):
            raise SpeechModelError("only a WhisperSpeech voice with `route: direct` says WhisperVQ's tokens")
        return DirectVoice(WhisperSpeechVoice(self.whisperspeech, self.speaker), self.whisperspeech.vq, tokenizer)

    def weights(self) -> list[Weights]:
        models = self.whisperspeech
        quantizer = [checkpoint_weights(models.vq)] if models.vq else []
        found = [of_file(models.t2s), of_file(models.s2a), vocoder_weights(models.vocoder)]
        return [*found, *quantizer, speaker_weights(self.speaker)]

    def files(self) -> dict[str, tuple[str, Path]]:
        models = self.whisperspeech
        config, weights = find_vocoder(models.vocoder)
        vocoder = without_folder(models.vocoder)
        quantizer = {"vq": (without_folder(models.vq), find_checkpoint(models.vq))} if models.vq else {}
        return quantizer | {
            "t2s": (without_folder(models.t2s), find_file(models.t2s)),
            "s2a": (without_folder(models.s2a), find_file(models.s2a)),
            "vocoder's config": (f"{vocoder} {config.name}", config),
            "vocoder": (f"{vocoder} {weights.name}", weights),
            "speaker": (f"speaker of {self.name}", find_speaker(self.speaker)),
        }

    def fingerprint_parameters(self) -> dict[str, object]:
        models = self.whisperspeech
        named = {name: getattr(models, name) for name in ("t2s", "s2a", "vocoder", "vq")}
        bare = models.model_copy(update={name: without_folder(path) for name, path in named.items() if path})
        spoken = self.model_copy(update={"speaker": without_folder(self.speaker), "whisperspeech": bare})
        return Voice.fingerprint_parameters(spoken)
