"""A voice of Speechless as a recipe names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from sayso.stages.speech.protocols import SpeechTokenizer, TokenSynthesizer
from sayso.stages.speech.voices.speechless.files import find_model, model_weights
from sayso.stages.speech.voices.speechless.packages import runner_version
from sayso.stages.speech.voices.speechless.settings import RELEASED, SpeechlessSettings
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.weights.finding import without_folder
from sayso.stages.speech.weights.weights import Weights


class Speechless(Voice):
    """A voice of Speechless, a language model that says texts as sound tokens; there is no audio of it."""

    engine: Literal["speechless"] = Field(default="speechless", description="the synthesizer that has it")
    speaker: Literal["default"] = Field(default="default", description="it has one speaker, which no recording made")
    speeds: tuple[float, ...] = Field(default=(1.0,), min_length=1, description="it has one speed, 1")
    license: str | None = Field(
        default=None, min_length=1, description="SPDX name or a sentence; the released model has its own"
    )
    language: str | None = Field(default="en", pattern="^[a-z]{2}$", description="ISO 639-1 code")
    speechless: SpeechlessSettings = Field(default=SpeechlessSettings(), description="its model, and how it speaks")

    @model_validator(mode="before")
    @classmethod
    def _has_the_license_of_the_released_model(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "license" in given:
            return given
        settings = given.get("speechless", {})
        model = settings.get("model", RELEASED) if isinstance(settings, dict) else getattr(settings, "model", None)
        released = isinstance(model, str) and model.partition("@")[0] == RELEASED
        return {**given, "license": "Apache-2.0"} if released else given

    @field_validator("speeds")
    @classmethod
    def _has_one_speed(cls, speeds: tuple[float, ...]) -> tuple[float, ...]:
        if {*speeds} != {1.0}:
            raise ValueError("Speechless has one speed; leave `speeds` out")
        return speeds

    @property
    def computes_on(self) -> str:
        return "cpu" if self.speechless.server else self.speechless.device

    @property
    def is_direct(self) -> bool:
        return True

    @property
    def has_audio(self) -> bool:
        return False

    @property
    def says_the_same_again(self) -> bool:
        return self.speechless.temperature == 0

    def load_direct(self, tokenizer: SpeechTokenizer) -> TokenSynthesizer:
        from sayso.stages.speech.voices.speechless.voice import SpeechlessVoice, load_model

        return SpeechlessVoice(load_model(self.speechless), self.speechless.model, tokenizer.sound_format)

    def weights(self) -> list[Weights]:
        return [] if self.speechless.server else [model_weights(self.speechless.model)]

    def files(self) -> dict[str, tuple[str, Path]]:
        if self.speechless.server:
            return {}
        model = without_folder(self.speechless.model)
        return {file: (f"{model} {file}", path) for file, path in find_model(self.speechless.model).items()}

    def fingerprint_parameters(self) -> dict[str, object]:
        """Not where a server is, nor what stays free of a GPU; that there is one counts, for its sums are others."""
        settings = self.speechless.model_dump(mode="json", exclude={"gpu_memory_utilization"})
        settings["server"] = bool(self.speechless.server)
        if not self.speechless.server:
            settings["model"] = without_folder(self.speechless.model)
        return {**super().fingerprint_parameters(), "speechless": settings}

    def package_version(self) -> dict[str, str]:
        return {} if self.speechless.server else runner_version()
