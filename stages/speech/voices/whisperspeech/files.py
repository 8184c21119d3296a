"""The files of WhisperSpeech that are of no one model: a vocoder's two, and the speaker."""

from __future__ import annotations

from pathlib import Path

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.finding import find_or_fetch
from sayso.stages.speech.weights.hub_file import file_in
from sayso.stages.speech.weights.weights import LOCAL, WITH_SAYSO, Weights

VOCODER_FILES = ("config.yaml", "pytorch_model.bin")
DEFAULT = "default"
# `default_speaker` of WhisperSpeech's Pipeline (MIT), 192 numbers of an ECAPA speaker encoder.
DEFAULT_SPEAKER = Path(__file__).parent / "default-speaker.npy"


def find_vocoder(name: str) -> tuple[Path, Path]:
    """Config and weights of a vocoder: of a folder, or of a Hub repository. Raises SpeechModelError."""
    config, weights = (_vocoder_file(name, file) for file in VOCODER_FILES)
    return config, weights


def find_speaker(speaker: str) -> Path:
    """The embedding that a WhisperSpeech voice speaks as: `default`, or a path. Raises SpeechModelError."""
    path = DEFAULT_SPEAKER if speaker == DEFAULT else Path(speaker)
    if not path.is_file():
        raise SpeechModelError(f"there is no speaker {speaker!r}: neither `default` nor a .npy file")
    return path


def vocoder_weights(name: str) -> Weights:
    """What must be there of a vocoder."""
    if Path(name).is_dir():
        return Weights(name, elsewhere=LOCAL)
    return Weights(name, tuple(file_in(name, file) for file in VOCODER_FILES))


def speaker_weights(speaker: str) -> Weights:
    """What must be there of a speaker."""
    if speaker == DEFAULT:
        return Weights("speaker default", elsewhere=WITH_SAYSO)
    return Weights(speaker, elsewhere=LOCAL)


def _vocoder_file(name: str, file: str) -> Path:
    if Path(name).is_dir():
        if not (Path(name) / file).is_file():
            raise SpeechModelError(f"the folder {name} has no {file}")
        return Path(name) / file
    try:
        wanted = file_in(name, file)
    except SpeechModelError as error:
        raise SpeechModelError(f"no vocoder {name!r}: there is no such folder, and {error}") from None
    return find_or_fetch(wanted)
