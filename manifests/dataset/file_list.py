"""The list of a dataset's files, files.json: what a download must find, and what it must be like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.names import LIST_NAME, PAGES, PARTS, Size, StageName, check_name, fault_of
from sayso.manifests.sealing import NotAsSealed, seal, unseal
from sayso.manifests.storage import Storage

# What all tokens were like before lists said it.
BEFORE_IT_WAS_STATED = SoundFormat(name="WhisperVQ", codes=512, mask_code=512, tokens_per_second=25, max_tokens=750)


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


class PublishedPage(BaseModel):
    """The card, or a picture of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    bytes: Size
    sha256: str

    @field_validator("name")
    @classmethod
    def _is_ours(cls, name: str) -> str:
        check_name(name, PAGES, "it")
        return name


class FileList(BaseModel):
    """Everything that a dataset consists of, but for the list itself, and what its sound tokens are like."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sound: SoundFormat = BEFORE_IT_WAS_STATED
    files: tuple[PublishedFile, ...]
    pages: tuple[PublishedPage, ...]

    @property
    def states_sound(self) -> bool:
        """Whether the list itself says what the tokens are like; those of earlier versions do not."""
        return "sound" in self.model_fields_set

    @field_validator("files", "pages")
    @classmethod
    def _each_once(cls, files: tuple[PublishedFile | PublishedPage, ...]) -> tuple[PublishedFile | PublishedPage, ...]:
        if len({file.name for file in files}) < len(files):
            raise ValueError("a file is on it twice")
        return files


class NotPublished(SaysoError):
    """Raised when a folder holds no published dataset."""

    exit_code = ExitCode.NOT_FOUND


def file_list(files: Sequence[PublishedFile], pages: Mapping[str, bytes], sound: SoundFormat) -> bytes:
    """The list of published files and of the pages beside them, for `verify` and for a download to check."""
    listed = FileList(
        sound=sound,
        files=tuple(files),
        pages=tuple(
            PublishedPage(name=name, bytes=len(content), sha256=sha256(content).hexdigest())
            for name, content in pages.items()
        ),
    )
    return seal(listed.model_dump_json(indent=1).encode())


def read_list(content: bytes, where: str) -> FileList:
    """What is on a list. Raises NotPublished naming `where` when it is none, or not as it was written."""
    try:
        return FileList.model_validate_json(unseal(content))
    except ValidationError as error:
        raise NotPublished(f"{where} is not the list of a dataset's files: {fault_of(error)}") from None
    except NotAsSealed as error:
        raise NotPublished(
            f"{where} is not the list of a dataset's files: it {error}, so it is damaged or of an earlier version of "
            "sayso; run the recipe again, or fetch the dataset again"
        ) from None


def published_files(dataset: Storage) -> tuple[PublishedFile, ...]:
    """The files on the list that lies in a dataset's folder. Raises NotPublished when there is none."""
    return load_file_list(dataset).files


def load_file_list(dataset: Storage) -> FileList:
    """The list that lies in a dataset's folder. Raises NotPublished when there is none."""
    where = dataset.path(LIST_NAME)
    try:
        content = dataset.read(LIST_NAME)
    except FileNotFoundError:
        raise NotPublished(f"{where} is missing: the dataset was not published; run the recipe again") from None
    return read_list(content, where)
