"""A recording becomes a voice: its speaker's embedding beside a bank, and an entry in the bank."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from sayso.manifests.storage import Storage
from sayso.pipeline.recipe_file import RecipeError, read_text
from sayso.pipeline.voices.voice_bank import with_voice
from sayso.stages.speech.packages import cause_of
from sayso.stages.speech.protocols import SAMPLE_RATE, SpeechModelError
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech
from sayso.stages.speech.weights.finding import find_file
from sayso.stages.speech.weights.hashes import sha256_of

# Of a voice that gives its name to a file.
NAME = re.compile(r"\w[\w.-]*")
# The engine whose speakers can be made of recordings.
ENGINE = WhisperSpeech.model_fields["engine"].default


class AddedVoice(BaseModel):
    """A voice that came into a bank: the file of its speaker, and what this was made of and with."""

    model_config = ConfigDict(frozen=True)

    name: str
    bank: str
    speaker: str
    seconds: float
    recording: str
    recording_sha256: str
    encoder: str
    encoder_sha256: str


def add_voice(bank: Path, name: str, told: Mapping[str, str], recording: Path, encoder: str) -> AddedVoice:
    """Make a speaker of a recording, keep it as NAME.npy beside the bank, and add the voice to the bank, last of all.

    `told` is what the bank says of the voice beside its name: license, consent, language, accent.
    Raises RecipeError for a name or a bank that will not do, SpeechModelError for a recording or an encoder.
    """
    if not NAME.fullmatch(name):
        raise RecipeError(f"{name!r} is no name for a voice and its file: letters, digits, `_`, `.` and `-` are")
    voice = {"name": name, "engine": ENGINE, "speaker": f"{name}.npy", **told}
    # Before the models are loaded, so that what is wrong is told at once.
    with_voice(_text(bank), bank, voice, [])
    embedding, seconds = speaker_of(recording, encoder)
    added = AddedVoice(
        name=name,
        bank=str(bank),
        speaker=str(bank.parent / f"{name}.npy"),
        seconds=seconds,
        recording=str(recording),
        recording_sha256=sha256_of(recording),
        encoder=encoder,
        encoder_sha256=sha256_of(find_file(encoder)),
    )
    notes = [f"recording sha256 {added.recording_sha256}", f"encoder sha256 {added.encoder_sha256}"]
    _keep(embedding, Path(added.speaker))
    # A bank may be a link, which stays one.
    file = bank.resolve()
    Storage(str(file.parent)).write(file.name, with_voice(_text(bank), bank, voice, notes).encode())
    return added


def speaker_of(recording: Path, encoder: str) -> tuple[npt.NDArray[np.float32], float]:
    """The speaker of a recording, (192,), and the seconds that it is made of. Raises SpeechModelError."""
    try:
        from sayso.stages.speech.voices.whisperspeech.reference_recording import read_recording
        from sayso.stages.speech.voices.whisperspeech.speaker_encoder import SpeakerEncoder
    except ImportError as error:
        raise SpeechModelError(f"no speaker can be made: {cause_of(error)}") from error

    clip = read_recording(recording)
    return SpeakerEncoder.load(encoder).embed(clip), len(clip) / SAMPLE_RATE


def _text(bank: Path) -> str:
    return read_text(bank) if bank.exists() else ""


def _keep(embedding: npt.NDArray[np.float32], path: Path) -> None:
    content = io.BytesIO()
    np.save(content, embedding, allow_pickle=False)
    # The same bytes are of the same command, stopped before the bank was written.
    if path.exists() and path.read_bytes() != content.getvalue():
        raise RecipeError(f"{path} is there already, and is another speaker; choose another name, or take it away")
    Storage(str(path.parent)).write(path.name, content.getvalue())
