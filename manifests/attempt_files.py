"""Files of attempts: what was synthesized, kept for later runs, beside the run or in a folder that several share.

Each file is written once, by one job, and never added to. Its name tells between which ids its rows are, so that a job
opens only those that may hold its own; when it was written, so that the oldest can go first; and the hash of its bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict
from xxhash import xxh3_128_hexdigest

from sayso.manifests.filesystems import StorageError
from sayso.manifests.in_order import in_order
from sayso.manifests.names import ATTEMPT_FILES, ATTEMPTS, whole_name
from sayso.manifests.storage import Storage

_TIME = "%Y%m%dT%H%M%S%fZ"
# Digits of an id in a name: enough to tell the shards of any run apart.
_ID_DIGITS = 8
# What a writer has not finished by then it never will.
_UNFINISHED = timedelta(days=1)


class DamagedAttempts(Exception):
    """Raised for a file that does not have the bytes that its name stands for."""


@dataclass(frozen=True)
class AttemptFile:
    """What the name of a file tells."""

    name: str

    @property
    def first(self) -> str:
        """The first digits of the lowest id in it."""
        return self.name[:_ID_DIGITS]

    @property
    def last(self) -> str:
        """The first digits of the highest id in it."""
        return self.name[_ID_DIGITS + 1 : 2 * _ID_DIGITS + 1]

    @property
    def written(self) -> str:
        """When it was written, in digits that sort by time."""
        return self.name.split(".")[1]

    @property
    def xxh3(self) -> str:
        return self.name.split(".")[2]


class StoreSize(BaseModel):
    """How much a store of attempts holds."""

    model_config = ConfigDict(frozen=True)

    files: int
    bytes: int


class AttemptFiles:
    """The files of attempts in one folder."""

    def __init__(self, storage: Storage, folder: str) -> None:
        """`folder`: below the root of `storage`, empty or with a slash at its end."""
        self._storage, self._folder = storage, folder

    def path(self, name: str) -> str:
        """Where a file of this name is: a path, or a URL."""
        return self._storage.path(f"{self._folder}{name}")

    def listed(self) -> list[AttemptFile]:
        """All files that are there, the oldest first, by one look."""
        return _oldest_first(self._storage.names(self._folder.rstrip("/")))

    def size(self) -> StoreSize:
        """How many there are, and how large they are together."""
        sizes = {name: size for name, size in self._sizes().items() if ATTEMPT_FILES.has(name)}
        return StoreSize(files=len(sizes), bytes=sum(sizes.values()))

    def write(self, first_id: str, last_id: str, content: bytes) -> AttemptFile:
        """Put a file in place, of rows between these ids. Raises StorageError."""
        ids, now = f"{first_id[:_ID_DIGITS]}-{last_id[:_ID_DIGITS]}", datetime.now(UTC)
        name = f"{ids}.{now.strftime(_TIME)}.{xxh3_128_hexdigest(content)}.parquet"
        self._storage.write(f"{self._folder}{name}", content)
        return AttemptFile(name)

    def read(self, file: AttemptFile) -> bytes:
        """The bytes of a file. Raises FileNotFoundError where it has gone, and DamagedAttempts."""
        content = self._storage.read(f"{self._folder}{file.name}")
        if xxh3_128_hexdigest(content) != file.xxh3:
            raise DamagedAttempts(self.path(file.name))
        return content

    def remove(self, file: AttemptFile) -> None:
        """Take a file away if it is there."""
        self._remove(file.name)

    def damaged(self) -> Iterator[tuple[AttemptFile, str]]:
        """The files that do not have the bytes that they had when they were written, each with what is wrong."""
        files = self.listed()
        for file, fault in zip(files, in_order(self._fault, files, self._storage.at_a_time), strict=True):
            if fault:
                yield file, fault

    def _fault(self, file: AttemptFile) -> str | None:
        try:
            self.read(file)
        except DamagedAttempts:
            return "does not have the bytes that its name stands for"
        except StorageError as error:
            return str(error)
        except FileNotFoundError:
            # It was the oldest meanwhile.
            return None
        return None

    def remove_oldest(self, most_bytes: int) -> None:
        """Take the oldest away until all together have so many bytes, and what a killed writer has left unfinished."""
        sizes = self._sizes()
        too_much = sum(size for name, size in sizes.items() if ATTEMPT_FILES.has(name)) - most_bytes
        for file in _oldest_first(sizes):
            if too_much <= 0:
                break
            self._remove(file.name)
            too_much -= sizes[file.name]
        long_ago = (datetime.now(UTC) - _UNFINISHED).strftime(_TIME)
        for name in sizes:
            unfinished = _oldest_first([whole_name(name) or ""])
            if unfinished and unfinished[0].written < long_ago:
                self._remove(name)

    def _sizes(self) -> dict[str, int]:
        return self._storage.sizes(self._folder.rstrip("/"))

    def _remove(self, name: str) -> None:
        try:
            self._storage.remove(f"{self._folder}{name}")
        except FileNotFoundError:
            # Another worker was faster.
            return


def beside_run(storage: Storage) -> AttemptFiles:
    """The files of attempts in the folder of a run."""
    return AttemptFiles(storage, ATTEMPTS)


class FilesByIds:
    """Files of attempts to be found by the ids of their rows, in a time that does not grow with their number."""

    def __init__(self, files: Iterable[AttemptFile]) -> None:
        # By how wide they are, in powers of two, so that one wide file does not lengthen the search for others.
        self._by_width: dict[int, list[tuple[int, int, AttemptFile]]] = {}
        for file in files:
            first, last = int(file.first, 16), int(file.last, 16)
            self._by_width.setdefault((last - first).bit_length(), []).append((first, last, file))
        for of_width in self._by_width.values():
            of_width.sort(key=lambda each: each[:2])

    def near(self, low: str, high: str) -> tuple[str, ...]:
        """The names of the files that may hold rows from one id to another, the oldest first."""
        start, end = (int(each[:_ID_DIGITS], 16) for each in (low, high))
        found = list[AttemptFile]()
        for width, of_width in self._by_width.items():
            begin, stop = bisect_left(of_width, (start - (1 << width),)), bisect_left(of_width, (end + 1,))
            found += [file for _, last, file in of_width[begin:stop] if last >= start]
        return tuple(file.name for file in _by_age(found))


def _oldest_first(names: Iterable[str]) -> list[AttemptFile]:
    return _by_age(AttemptFile(name) for name in names if ATTEMPT_FILES.has(name))


def _by_age(files: Iterable[AttemptFile]) -> list[AttemptFile]:
    return sorted(files, key=lambda file: (file.written, file.name))
