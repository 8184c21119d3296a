"""The files of hibari's voices: in its package, or where the package fetches them from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sayso.manifests.suggestions import suggestion
from sayso.stages.speech.packages import cause_of
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.finding import advice
from sayso.stages.speech.weights.folder import find_in_folder
from sayso.stages.speech.weights.hashes import sha256_of
from sayso.stages.speech.weights.hub_file import HubFile

BUNDLED = "heart"
# Where the package's own download of the other voices goes.
REPOSITORY = "maureesewilliams/hibari"


def voice_file(speaker: str) -> Path:
    """The model of a voice: in the package, in the folder of models, or where the package keeps what it fetches.

    Raises SpeechModelError for a voice that there is not, or that cannot be had as the package knows it.
    """
    known, on_hub = _known(speaker), hub_file_of(speaker)
    found = find_in_folder(on_hub.name) if on_hub else None
    if found is None:
        from hibari.voices import voice_path

        try:
            found = Path(voice_path(speaker))
        except (RuntimeError, OSError) as error:
            raise SpeechModelError(f"{error}{advice()}") from error
    sha256 = sha256_of(found)
    if speaker != BUNDLED and sha256 != known["sha256"]:
        raise SpeechModelError(f"{found} has sha256 {sha256}, this hibari-tts wants {known['sha256']}: remove the file")
    return found


def hub_file_of(speaker: str) -> HubFile | None:
    """Where the package fetches a voice from; None for the one that is in the package. Raises SpeechModelError."""
    known = _known(speaker)
    return None if speaker == BUNDLED else HubFile(REPOSITORY, None, f"voices/{known['file']}")


def _known(speaker: str) -> dict[str, Any]:
    """What the package says of a voice."""
    try:
        from hibari.voices import VOICES
    except ImportError as error:
        raise SpeechModelError(cause_of(error)) from None
    if speaker not in VOICES:
        raise SpeechModelError(f"hibari has no voice {speaker!r}{suggestion(speaker, sorted(VOICES))}")
    voice: dict[str, Any] = VOICES[speaker]
    return voice
