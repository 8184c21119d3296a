"""Which weights voices and a tokenizer need that are on no machine by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.stages.speech.tokenizers.tokenizer import Tokenizer
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.weights.weights import Weights


def weights_of(voices: Sequence[Voice], tokenizer: Tokenizer) -> list[Weights]:
    """All that a recipe loads, each once. Raises SpeechModelError for a name that can stand for no weights."""
    of_voices = [weights for voice in voices for weights in voice.weights()]
    found = [*of_voices, *tokenizer.weights()]
    return list({weights.name: weights for weights in found}.values())
