"""The folder that a dataset is exported to: empty at first, or made by exports of this dataset in this format alone."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from sayso.manifests.durable_files import file_to_come
from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.filesystems import write_error
from sayso.manifests.names import EXPORTED_NAME, Forms, Size, StageName, check_name, fault_of, whole_name
from sayso.manifests.storage import HASHED_BYTES, Storage

# Where files lie until all of them is there; not beside those that are whole, of which trainers take all there are.
ARRIVALS = ".sayso-export"
EXPORTED_FILES = Forms(
    "file of an export",
    re.compile(r"(?:[a-z]{1,32}/[a-z]{1,32}/(?:sharded_manifests/)?)?[a-z0-9][a-z0-9._]{0,99}\.(?:jsonl?|gz|tar)"),
)


class ExportError(SaysoError):
    """Raised when the folder for an export is for something else."""

    exit_code = ExitCode.WRONG_USE


class ExportedFile(BaseModel):
    """A file that an export has made: its name below the folder, and what its bytes are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    bytes: Size
    sha256: str

    @field_validator("name")
    @classmethod
    def _is_ours(cls, name: str) -> str:
        check_name(name, EXPORTED_FILES, "it")
        return name


class ExportedShard(BaseModel):
    """What was made of one of the dataset's files, by which code; rows that were left out are counted by their kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    config: StageName
    split: StageName
    source: str
    sha256: str
    code: str
    rows: Size
    left_out: dict[str, Size]
    files: tuple[ExportedFile, ...]

    @property
    def file_names(self) -> tuple[str, ...]:
        return tuple(file.name for file in self.files)


class Exports(BaseModel):
    """The file .sayso-export.json: of what a folder holds exports, and every file that they made or were about to.

    `indexes` are the files that speak of all shards; None where they do not, for shards were made since.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    format: str
    names: tuple[str, ...] = ()
    shards: tuple[ExportedShard, ...] = ()
    indexes: tuple[ExportedFile, ...] | None = None

    @field_validator("names")
    @classmethod
    def _are_ours(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            check_name(name, EXPORTED_FILES, "it")
        return names


class ExportFolder:
    """A folder whose files are those of one dataset in one format; others are neither replaced nor taken away."""

    def __init__(self, folder: Path, dataset: str, format_name: str) -> None:
        """Raises ExportError, and touches nothing, where the folder is not for this dataset and format."""
        self.folder = folder
        self.storage = Storage(str(folder))
        self._state = Exports(dataset=dataset, format=format_name)
        entries = self.storage.entries("")
        if EXPORTED_NAME in entries:
            found = self._read()
            if (found.dataset, found.format) != (dataset, format_name):
                raise ExportError(
                    f"{folder} holds {found.dataset} as {found.format}; choose another folder with --to, or take this "
                    "one away"
                )
            self._state = found
        elif foreign := [name for name in entries if whole_name(name) != EXPORTED_NAME]:
            raise ExportError(
                f"{folder} is not empty and was not made by an export: {foreign[0]} is there; choose an empty folder "
                "with --to"
            )
        for name in entries:
            if whole_name(name) == EXPORTED_NAME:
                self.storage.remove(name)

    def _read(self) -> Exports:
        try:
            return Exports.model_validate_json(self.storage.read(EXPORTED_NAME))
        except ValidationError as error:
            raise ExportError(
                f"{self.folder / EXPORTED_NAME} does not tell what was exported ({fault_of(error)}); choose an empty "
                "folder with --to"
            ) from None

    @property
    def shards(self) -> tuple[ExportedShard, ...]:
        """What is known to be made."""
        return self._state.shards

    def expect(self, names: Collection[str]) -> None:
        """Write down that these files will come, before one does.

        Raises ExportError where something lies in the place of one that no export has put there.
        """
        known = set(self._state.names)
        for name in names:
            check_name(name, EXPORTED_FILES, str(self.folder))
            if name not in known and self.storage.size(name) is not None:
                raise ExportError(
                    f"{self.folder / name} was not put there by an export, and would be overwritten; move it away, or "
                    "choose another folder with --to"
                )
        self._write(names=tuple(sorted(known.union(names))))

    def add(self, shard: ExportedShard) -> None:
        """Write down that a shard is made, of which files that speak of all of them do not know."""
        new = {shard.source, *shard.file_names}
        others = (one for one in self.shards if new.isdisjoint((one.source, *one.file_names)))
        self._write(shards=(*others, shard), indexes=None)

    def finish(self, shards: Sequence[ExportedShard], indexes: Sequence[ExportedFile]) -> None:
        """Write down that these shards and the files that speak of them are all, and take away other files of ours."""
        kept = [*(name for shard in shards for name in shard.file_names), *(file.name for file in indexes)]
        for name in set(self._state.names).difference(kept):
            self.storage.remove(name)
        self._write(names=tuple(sorted(kept)), shards=tuple(shards), indexes=tuple(indexes))

    def is_finished(self, shards: Sequence[ExportedShard]) -> bool:
        """Whether there are these shards and no others, and the files that speak of them."""
        indexes = self._state.indexes
        return indexes is not None and tuple(shards) == self.shards and all(map(self.has, indexes))

    def fill(self, names: Sequence[str], write: Callable[[Sequence[BinaryIO]], None]) -> tuple[ExportedFile, ...]:
        """Write files together, each put in place when all of it is there. Raises StorageError."""
        waiting = {name: f"{ARRIVALS}/{name.replace('/', '_')}" for name in names}
        for place in (*names, *waiting.values()):
            # Asked for its size, the storage makes sure that no link is on the way.
            self.storage.size(place)
        try:
            with ExitStack() as stack:
                write(
                    [
                        stack.enter_context(file_to_come(self.folder / name, self.folder / place))
                        for name, place in waiting.items()
                    ]
                )
        except OSError as error:
            raise write_error(error, str(self.folder / names[0]), None) from error
        return tuple(self._file(name) for name in names)

    def has(self, file: ExportedFile) -> bool:
        """Whether a file is there with the bytes that were written."""
        return self.storage.size(file.name) == file.bytes and self._file(file.name) == file

    def close(self) -> None:
        """Take away what was not finished."""
        shutil.rmtree(self.folder / ARRIVALS, ignore_errors=True)

    def _file(self, name: str) -> ExportedFile:
        digest, size = hashlib.sha256(), 0
        with self.storage.open(name) as file:
            while block := file.read(HASHED_BYTES):
                digest.update(block)
                size += len(block)
        return ExportedFile(name=name, bytes=size, sha256=digest.hexdigest())

    def _write(self, **changed: object) -> None:
        self._state = self._state.model_copy(update=changed)
        self.storage.write(EXPORTED_NAME, self._state.model_dump_json(indent=1).encode())
