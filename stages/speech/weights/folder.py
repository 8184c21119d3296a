"""A folder of weights for machines that cannot reach the Hub: the list of what it holds, and looking there first.

The folder is named by the environment variable SAYSO_MODELS, which a run passes on to its workers.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.hashes import sha256_of

VARIABLE = "SAYSO_MODELS"
LIST_NAME = "models.json"
FETCH = "sayso models fetch RECIPE --to"


class WeightFile(BaseModel):
    """One file of weights in a folder: how recipes name it, where it came from, and what its bytes are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    commit: str | None
    path: str
    bytes: int
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, path: str) -> str:
        parts = PurePosixPath(path).parts
        if not parts or any(part.startswith("/") or part == ".." or "\\" in part or ":" in part for part in parts):
            raise ValueError("leads out of the folder")
        return path


class ModelList(BaseModel):
    """The file models.json: what a folder of weights holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: tuple[WeightFile, ...] = ()

    def entry(self, name: str) -> WeightFile | None:
        """The file that recipes call `name`, if it is on the list."""
        return next((entry for entry in self.models if entry.name == name), None)

    def with_entry(self, entry: WeightFile) -> ModelList:
        """The list with a file added, or put in the place of the one of this name."""
        others = [other for other in self.models if other.name != entry.name]
        return ModelList(models=tuple(sorted([*others, entry], key=lambda file: file.name)))


def look_in(folder: Path) -> None:
    """Let this process, and the workers that it starts, look for weights in `folder` first.

    Raises SpeechModelError where the folder has no list, or one that cannot be read.
    """
    read_list(folder)
    os.environ[VARIABLE] = str(folder.resolve())


def chosen_folder() -> Path | None:
    """The folder where weights are looked for first, if there is one."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def environment() -> dict[str, str]:
    """What a worker needs in its environment to look where this process does."""
    folder = chosen_folder()
    return {VARIABLE: str(folder)} if folder else {}


def read_list(folder: Path) -> ModelList:
    """What a folder holds. Raises SpeechModelError where it has no list, or one that cannot be read."""
    try:
        return ModelList.model_validate_json((folder / LIST_NAME).read_bytes())
    except FileNotFoundError:
        raise SpeechModelError(f"{folder} has no {LIST_NAME}, so it is no folder of models: {FETCH} {folder}") from None
    except (OSError, ValidationError) as error:
        raise SpeechModelError(f"{folder / LIST_NAME} cannot be read: {error}") from None


def write_list(folder: Path, models: ModelList) -> None:
    """Put the list of a folder in place."""
    # It brings Arrow with it, which nobody needs who only reads weights.
    from sayso.manifests.storage import Storage

    Storage(str(folder)).write(LIST_NAME, models.model_dump_json(indent=1).encode())


def find_in_folder(name: str) -> Path | None:
    """The file that recipes call `name` in the folder that was chosen, or None where it is not on its list.

    Raises SpeechModelError where it is on the list and its bytes are not there, or are others.
    """
    folder = chosen_folder()
    entry = read_list(folder).entry(name) if folder else None
    if folder is None or entry is None:
        return None
    fault = fault_of(folder, entry)
    if fault:
        raise SpeechModelError(f"{fault}; bring {name} there again: {FETCH} {folder}")
    return folder / entry.path


def fault_of(folder: Path, entry: WeightFile) -> str | None:
    """What is wrong with a file of a folder, if anything is."""
    path = folder / entry.path
    if not path.is_file():
        return f"{path} is on the list of {folder / LIST_NAME} and not there"
    if path.stat().st_size != entry.bytes:
        return f"{path} has {path.stat().st_size:,} bytes, by {LIST_NAME} {entry.bytes:,}"
    found = sha256_of(path)
    return None if found == entry.sha256 else f"{path} has sha256 {found}, by {LIST_NAME} {entry.sha256}"
