"""A sound tokenizer of a recipe: what every engine has to say of it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.packages import cause_of
from sayso.stages.speech.protocols import SAMPLE_RATE, SpeechModelError, SpeechTokenizer
from sayso.stages.speech.weights.weights import Weights

# What one has once it is loaded.
PARTS = ("sound_format", "sample_rate", "encode", "decode_text")


class Tokenizer(BaseModel):
    """What turns speech into sound tokens, and the tokens back into text.

    An engine is a class of these: its `engine` is a Literal with its name, it has whatever further keys it needs, its
    `sound_format` says what its tokens are like, and its `load` makes the tokenizer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: str = Field(description="which tokenizer it is")

    @property
    def title(self) -> str:
        """What it is called in messages."""
        return self.engine

    @property
    def computes_on(self) -> str:
        """The torch device that it computes on."""
        return "cpu"

    @property
    def language_heard(self) -> str:
        """The language that its tokens are read back in, as Whisper calls it: by its rules words are compared."""
        return "en"

    def sound_format(self) -> SoundFormat:
        """What its tokens are like, told without loading it. Raises SpeechModelError."""
        raise NotImplementedError(f"the engine {self.engine!r} has no `sound_format`")

    def load(self) -> SpeechTokenizer:
        """The tokenizer itself, in this process."""
        raise NotImplementedError(f"the engine {self.engine!r} has no `load`")

    def weights(self) -> list[Weights]:
        """What must be on a machine for it, and where it comes from. Raises SpeechModelError for an impossible name."""
        return []

    def versions(self) -> dict[str, str]:
        """What its tokens depend on beside its keys and its code, such as the sha256 of each file that it loads.

        Raises SpeechModelError where a file cannot be had.
        """
        return {}

    def fingerprint_parameters(self) -> dict[str, object]:
        """What of its keys decides about the tokens; files by their names, for their bytes count by themselves."""
        return self.model_dump(mode="json")

    def published_name(self) -> str:
        """What a dataset card calls it: no folder that something lies in here, but what its bytes are."""
        return ", ".join([self.title, *(f"{name} {version}" for name, version in self.versions().items())])


def format_of(tokenizer: Tokenizer) -> SoundFormat:
    """What a tokenizer tells of its tokens without being loaded. Raises SpeechModelError where it is no SoundFormat."""
    where = f"sound tokenizer {tokenizer.title!r}"
    try:
        told: object = tokenizer.sound_format()
    except SpeechModelError:
        raise
    except (Exception, SystemExit) as error:  # an engine's own, of whatever kind
        raise SpeechModelError(f"{where} cannot be loaded: {cause_of(error)}") from error
    if not isinstance(told, SoundFormat):
        raise SpeechModelError(
            f"{where} tells a {type(told).__name__} as its sound format: its `sound_format` is to give a SoundFormat"
        )
    return told


def load_tokenizer(tokenizer: Tokenizer) -> SpeechTokenizer:
    """Load a sound tokenizer. Raises SpeechModelError, too, where what it loads is none, or not of its sound format."""
    where = f"sound tokenizer {tokenizer.title!r}"
    try:
        loaded = tokenizer.load()
    except (Exception, SystemExit) as error:  # packages, files and devices fail in ways of their own
        raise SpeechModelError(f"{where} cannot be loaded: {cause_of(error)}") from error
    sound = format_of(tokenizer)
    if lacking := [name for name in PARTS if not hasattr(loaded, name)]:
        raise SpeechModelError(f"{where} loads as a {type(loaded).__name__}, which has no `{lacking[0]}`")
    if loaded.sound_format != sound:
        raise SpeechModelError(
            f"{where} loads with the format {loaded.sound_format}, and tells before that it is {sound}"
        )
    if loaded.sample_rate != SAMPLE_RATE:
        raise SpeechModelError(f"{where} takes {loaded.sample_rate} samples a second, and voices give {SAMPLE_RATE}")
    return loaded
