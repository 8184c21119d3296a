"""A voice of a recipe: what every engine has to say of it, and what an engine adds."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from sayso.stages.speech.protocols import SpeechModelError, SpeechTokenizer, Synthesizer, TokenSynthesizer
from sayso.stages.speech.weights.weights import Weights


class Voice(BaseModel):
    """A voice that rows may be said in. Licence, language, accent and consent go on the card and change no speech.

    Each engine is a class of its own, which has this, the further keys that it needs, and `load`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="what the published rows call it")
    engine: str = Field(description="the synthesizer that has it")
    speaker: str = Field(default="default", description="the engine's own name for it")
    weight: float = Field(default=1.0, gt=0, description="how often it is chosen, beside the other voices")
    speeds: tuple[float, ...] = Field(
        default=(1.0, 0.9, 1.1), min_length=1, description="speed of the first try, the second, …"
    )
    license: str | None = Field(
        default=None,
        min_length=1,
        description="SPDX name or a sentence; the engines' own voices have theirs, one of a `.npy` file has none",
    )
    language: str | None = Field(
        default=None, pattern="^[a-z]{2}$", description="ISO 639-1 code; the engine's when not given"
    )
    accent: str | None = Field(default=None, min_length=1, description="such as Scottish")
    consent: str | None = Field(
        default=None, min_length=1, description="who agreed to what, in a sentence, where it is a person's voice"
    )

    package: ClassVar[str] = ""
    """The distribution that the engine comes in, whose version decides what is heard."""

    has_several_callers: ClassVar[bool] = False
    """Whether what `load` makes may be called by several threads at once, and works for all of them together."""

    @property
    def computes_on(self) -> str:
        """The torch device that it computes on."""
        return "cpu"

    @property
    def language_said(self) -> str | None:
        """The language that it says texts in, as Whisper calls it; None where the text decides, or it is not known."""
        return None

    @property
    def is_direct(self) -> bool:
        """Whether it makes some of its attempts as tokens, without audio."""
        return False

    @property
    def has_audio(self) -> bool:
        """Whether it makes any of its attempts as audio."""
        return True

    @property
    def says_the_same_again(self) -> bool:
        """Whether each of its attempts at a text comes out as its first."""
        return False

    def route(self, attempt: int) -> Literal["audio", "direct"]:
        """How it goes from text to tokens at an attempt, from 0.

        A direct voice takes turns with the way over audio, where it has that.
        """
        return "direct" if self.is_direct and (attempt % 2 == 0 or not self.has_audio) else "audio"

    @property
    def speaker_file(self) -> str | None:
        """The file that the speaker is in, where it is one; its path is relative to the file that names the voice."""
        return None

    def load(self) -> Synthesizer:
        """The voice itself, in this process."""
        raise NotImplementedError(f"the engine {self.engine!r} has no `load`")

    def load_direct(self, tokenizer: SpeechTokenizer) -> TokenSynthesizer:
        """The way to this tokenizer's tokens without audio, of a voice that `is_direct`. Raises SpeechModelError."""
        raise SpeechModelError(f"the engine {self.engine!r} makes no tokens without audio")

    def weights(self) -> list[Weights]:
        """What must be on a machine for it, and where it comes from. Raises SpeechModelError for an impossible name."""
        return []

    def files(self) -> dict[str, tuple[str, Path]]:
        """The files that it loads, by what they are to it: what to call each, and where it is.

        Raises SpeechModelError where one cannot be had.
        """
        return {}

    def fingerprint_parameters(self) -> dict[str, object]:
        """What of its keys decides what is heard; files by their names, for their bytes count by themselves."""
        return self.model_dump(mode="json", exclude={"license", "language", "accent", "consent"})

    def package_version(self) -> dict[str, str]:
        """The package of the engine, and its version; nothing where it names none."""
        if not self.package:
            return {}
        try:
            return {self.package: version(self.package)}
        except PackageNotFoundError:
            return {self.package: "missing"}
