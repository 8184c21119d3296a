"""The list of a dataset's files, files.json: what a download must find, and what it must be like."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from manifests.storage import Storage

# Where the dataset lies in the folder of a run; it is whole by itself.
DATASET = "dataset/"
LIST_NAME, CARD_NAME = "files.json", "README.md"


class PublishedFile(BaseModel):
    """A file of the dataset: its place in it, what it belongs to, and what it must be like."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    config: str
    split: str
    rows: int
    bytes: int
    sha256: str


class NotPublished(RuntimeError):
    """Raised when a folder holds no published dataset."""


def file_list(files: Sequence[PublishedFile]) -> bytes:
    """The list of published files, for `verify` and for a download to check."""
    return (json.dumps({"files": [file.model_dump() for file in files]}, indent=1) + "\n").encode()


def read_file_list(content: bytes, where: str) -> tuple[PublishedFile, ...]:
    """The files on a list. Raises NotPublished naming `where` when it is none."""
    try:
        return tuple(PublishedFile.model_validate(file) for file in json.loads(content)["files"])
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise NotPublished(f"{where} is not the list of a dataset's files: {error}") from None


def listed_files(dataset: Storage) -> tuple[PublishedFile, ...]:
    """The list that lies in a dataset's folder. Raises NotPublished when there is none."""
    where = dataset.path(LIST_NAME)
    try:
        content = dataset.read(LIST_NAME)
    except FileNotFoundError:
        raise NotPublished(f"{where} is missing: the dataset was not published; run the recipe again") from None
    return read_file_list(content, where)
