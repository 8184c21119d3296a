"""Loading the voices that a recipe asks for, and what all that it loads is, by its content."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.stages.speech.packages import cause_of
from sayso.stages.speech.protocols import SpeechModelError, SpeechTokenizer, Synthesizer, TokenSynthesizer
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.weights.hashes import sha256_of


def load_voice(voice: Voice) -> Synthesizer:
    """Load the engine of a voice. Raises SpeechModelError."""
    try:
        loaded = voice.load()
    except (Exception, SystemExit) as error:  # packages, files and devices fail in ways of their own
        raise SpeechModelError(f"voice {voice.name!r} cannot be loaded: {cause_of(error)}") from error
    if not hasattr(loaded, "synthesize"):
        raise SpeechModelError(f"voice {voice.name!r} loads as a {type(loaded).__name__}, which has no `synthesize`")
    return loaded


def load_token_synthesizer(voice: Voice, tokenizer: SpeechTokenizer) -> TokenSynthesizer:
    """The direct route of a voice that has one, to this tokenizer's codes. Raises SpeechModelError."""
    try:
        return voice.load_direct(tokenizer)
    except (Exception, SystemExit) as error:  # packages, files and devices fail in ways of their own
        cause = cause_of(error)
        raise SpeechModelError(f"the direct route of voice {voice.name!r} cannot be taken: {cause}") from error


def models_used(voices: Sequence[Voice], tokenizer: Tokenizer) -> dict[str, object]:
    """All that what is heard depends on beside the recipe, by its content: where it lies does not matter.

    Raises SpeechModelError where a file cannot be had.
    """
    return {"tokenizer_versions": tokenizer.versions(), "engines": engine_versions(voices)}


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
