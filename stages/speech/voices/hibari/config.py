"""A voice of hibari as a recipe names it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from sayso.stages.speech.protocols import Synthesizer
from sayso.stages.speech.voices.hibari.files import BUNDLED, hub_file_of, voice_file
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.weights.weights import Weights


class Hibari(Voice):
    """A voice of hibari, small neural English voices that run on a CPU; `heart` is in the package."""

    engine: Literal["hibari"] = Field(default="hibari", description="the synthesizer that has it")
    speaker: str = Field(default=BUNDLED, description="the engine's own name for it")
    # The package's licence, which covers its voices.
    license: str | None = Field(default="Apache-2.0", min_length=1, description="SPDX name or a sentence")
    language: str | None = Field(default="en", pattern="^[a-z]{2}$", description="ISO 639-1 code")

    package: ClassVar[str] = "hibari-tts"

    @property
    def language_said(self) -> str | None:
        return "en"

    def load(self) -> Synthesizer:
        from sayso.stages.speech.voices.hibari.voice import HibariVoice

        return HibariVoice(self.speaker)

    def weights(self) -> list[Weights]:
        name, on_hub = f"hibari {self.speaker}", hub_file_of(self.speaker)
        return [
            Weights(name, (on_hub,)) if on_hub else Weights(name, elsewhere=f"comes with the package {self.package}")
        ]

    def files(self) -> dict[str, tuple[str, Path]]:
        return {"speaker": (f"hibari {self.speaker}", voice_file(self.speaker))}
