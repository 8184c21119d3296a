"""The list of a dataset's files, files.json: what a download must find, and what it must be like."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from manifests.names import LIST_NAME, PARTS, Size, StageName, check_name, fault_of
from manifests.storage import Storage


class PublishedFile(BaseModel):
    """A file of the dataset: its place in it, what it belongs to, and what it must be like."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    config: StageName
    split: StageName
    rows: Size
    bytes: Size
    sha256: str

    @field_validator("name")
    @classmethod
    def _is_ours(cls, name: str) -> str:
        check_name(name, PARTS, "it")
        return name


class _FileList(BaseModel):
    files: tuple[PublishedFile, ...]

    @field_validator("files")
    @classmethod
    def _each_once(cls, files: tuple[PublishedFile, ...]) -> tuple[PublishedFile, ...]:
        if len({file.name for file in files}) < len(files):
            raise ValueError("a file is on it twice")
        return files


class NotPublished(RuntimeError):
    """Raised when a folder holds no published dataset."""


def file_list(files: Sequence[PublishedFile]) -> bytes:
    """The list of published files, for `verify` and for a download to check."""
    return (json.dumps({"files": [file.model_dump() for file in files]}, indent=1) + "\n").encode()


def read_file_list(content: bytes, where: str) -> tuple[PublishedFile, ...]:
    """The files on a list. Raises NotPublished naming `where` when it is none."""
    try:
        return _FileList.model_validate_json(content).files
    except ValidationError as error:
        raise NotPublished(f"{where} is not the list of a dataset's files: {fault_of(error)}") from None


def listed_files(dataset: Storage) -> tuple[PublishedFile, ...]:
    """The list that lies in a dataset's folder. Raises NotPublished when there is none."""
    where = dataset.path(LIST_NAME)
    try:
        content = dataset.read(LIST_NAME)
    except FileNotFoundError:
        raise NotPublished(f"{where} is missing: the dataset was not published; run the recipe again") from None
    return read_file_list(content, where)
