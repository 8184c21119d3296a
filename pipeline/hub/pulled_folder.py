"""The folder that a dataset of the Hub is pulled into: empty at first, or made by pulls of this dataset alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.names import PLAN_NAME, PULLED_FILES, PULLED_NAME, check_name, fault_of, whole_name
from sayso.manifests.storage import Storage

# Where files are kept until they are known to be right.
ARRIVALS = ".sayso-pull"


class PullError(SaysoError):
    """Raised when what the Hub has is no dataset of sayso, or the folder is not for one."""

    exit_code = ExitCode.BAD_SOURCE


class Brought(BaseModel):
    """The file .sayso-pull.json: the dataset that a folder is of, and the files that pulls have put there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository: str
    files: tuple[str, ...] = ()

    @field_validator("files")
    @classmethod
    def _are_ours(cls, files: tuple[str, ...]) -> tuple[str, ...]:
        for name in files:
            check_name(name, PULLED_FILES, "it")
        return files


def brought_files(dataset: Storage) -> frozenset[str] | None:
    """The files that pulls have put into a dataset's folder, None where it was not made by a pull. Raises PullError."""
    try:
        return frozenset(_read_brought(dataset).files)
    except FileNotFoundError:
        return None


def _read_brought(dataset: Storage) -> Brought:
    try:
        return Brought.model_validate_json(dataset.read(PULLED_NAME))
    except ValidationError as error:
        raise PullError(
            f"{dataset.path(PULLED_NAME)} does not tell what was pulled ({fault_of(error)}); choose an empty "
            "folder with --to"
        ) from None


@dataclass
class PulledFolder:
    """A folder whose files are those of one dataset; others are neither replaced nor taken away."""

    folder: Path
    repository: str
    _brought: set[str] = field(default_factory=set)

    @property
    def storage(self) -> Storage:
        return Storage(str(self.folder))

    def open(self) -> None:
        """Look whether the folder is for this dataset. Raises PullError, and touches nothing, where it is not."""
        entries = self.storage.entries("")
        left = [name for name in entries if whole_name(name) in (PULLED_NAME, "files.json", "README.md")]
        if PULLED_NAME in entries:
            found = _read_brought(self.storage)
            if found.repository != self.repository:
                raise PullError(f"{self.folder} holds {found.repository}; choose another folder with --to")
            self._brought = set(found.files)
        elif PLAN_NAME in entries:
            raise PullError(f"{self.folder} holds a run; choose another folder with --to")
        elif foreign := [name for name in entries if name not in left]:
            raise PullError(
                f"{self.folder} is not empty and was not made by a pull: {foreign[0]} is there; choose an empty "
                "folder with --to"
            )
        for name in left:
            self.storage.remove(name)

    @property
    def brought(self) -> frozenset[str]:
        """The names of the files that pulls have put there, or were about to."""
        return frozenset(self._brought)

    def expect(self, names: Collection[str]) -> None:
        """Write down that these files will come, before one does.

        Raises PullError where something lies in the place of one that no pull has put there.
        """
        for name in names:
            check_name(name, PULLED_FILES, self.repository)
            if name not in self._brought and self.storage.size(name) is not None:
                raise PullError(
                    f"{self.folder / name} was not put there by a pull, and would be overwritten; move it away, or "
                    "choose another folder with --to"
                )
        self._write(self._brought.union(names))

    def put(self, name: str, arrived: Path) -> None:
        """Put a file that has arrived, and is right, in its place."""
        # Asked for its size, the storage makes sure that no link is on the way.
        self.storage.size(name)
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        arrived.replace(place)

    def remove(self, names: Collection[str]) -> None:
        """Take away those of these files that pulls have put there."""
        gone = self._brought.intersection(names)
        for name in gone:
            self.storage.remove(name)
        if gone:
            self._write(self._brought - gone)

    def _write(self, names: set[str]) -> None:
        brought = Brought(repository=self.repository, files=tuple(sorted(names)))
        self.storage.write(PULLED_NAME, brought.model_dump_json(indent=1).encode())
        self._brought = names
