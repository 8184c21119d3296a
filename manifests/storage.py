"""A run's folder, on a disk or in an object store, in which a file is either whole or not there."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
import polars as pl
from fsspec.implementations.local import LocalFileSystem
from pydantic import BaseModel, ConfigDict
from xxhash import xxh3_128, xxh3_128_hexdigest

from sayso.manifests.durable_files import create_durably, write_durably
from sayso.manifests.filesystems import NoPlainFile, StorageError, bytes_between, open_filesystem, write_error
from sayso.manifests.names import Size, most_bytes
from sayso.manifests.pieces import piece_hashes

HASHED_BYTES = 4 << 20
# Files that are read at the same time, each in pieces of so many bytes: a store answers many at once, each late.
AT_A_TIME, AT_A_TIME_IN_STORE = 8, 64


class StoredFile(BaseModel):
    """A file as it was written: its name below the run's folder, and what its bytes were.

    `xxh3` is the xxh3-128 of them all, and `pieces` those of a Parquet file's pieces, for what is read again and again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    bytes: Size
    sha256: str
    xxh3: str
    pieces: str = ""


def as_stored(name: str, content: bytes, pieces: str = "") -> StoredFile:
    """What is recorded of a file with this content."""
    sha256, xxh3 = hashlib.sha256(content).hexdigest(), xxh3_128_hexdigest(content)
    return StoredFile(name=name, bytes=len(content), sha256=sha256, xxh3=xxh3, pieces=pieces)


def parquet_as_stored(name: str, content: bytes) -> StoredFile:
    """The same of a Parquet file, with the hashes of its pieces."""
    return as_stored(name, content, piece_hashes(content))


def parquet_of(table: pl.DataFrame, row_group_rows: int) -> bytes:
    """A table as zstd Parquet; the same rows always give the same bytes."""
    buffer = io.BytesIO()
    # Level 1 takes half the time of the default and a quarter more room.
    table.write_parquet(buffer, compression="zstd", compression_level=1, row_group_size=row_group_rows, statistics=True)
    return buffer.getvalue()


class Storage:
    """Reads and writes whole files below `root`, a path or any fsspec URL.

    Shards are bounded in size, so a file is built in memory and put in place in one step: on a disk written
    under a temporary name, fsynced and renamed, in an object store sent as one object.
    """

    def __init__(self, root: str) -> None:
        """Raises StorageError where `root` is no place for a folder; whether there is one shows when it is used."""
        if "::" in root:
            # It would be read through a cache or out of an archive, where nothing can be put in place in one step.
            raise StorageError(f"{root[:200]}: a folder, or the URL of a store, is needed, and not a chain of several")
        if not root or "\0" in root:
            raise StorageError(f"{root[:200]!r} is no name of a folder")
        self.root = root if "://" in root else os.path.realpath(root)

    @cached_property
    def _filesystem(self) -> tuple[fsspec.AbstractFileSystem, str]:
        return open_filesystem(self.root)

    @property
    def is_local(self) -> bool:
        """Whether the folder is on a disk that this machine sees as a path."""
        return isinstance(self._filesystem[0], LocalFileSystem)

    @property
    def at_a_time(self) -> int:
        """How many files are best read at the same time."""
        return AT_A_TIME if self.is_local else AT_A_TIME_IN_STORE

    def path(self, name: str) -> str:
        """Where `name` is: a path, or a URL."""
        if self.is_local:
            return f"{self._filesystem[1]}/{name}"
        return f"{self.root.rstrip('/')}/{name}"

    def write(self, name: str, content: bytes) -> StoredFile:
        """Put `content` in place under `name`, or leave what was there before untouched.

        Raises StorageError when the disk is full, the folder may not be written, or a link is in the way.
        """
        filesystem, base = self._filesystem
        target = f"{base}/{name}"
        try:
            self._check_plain(name)
            if self.is_local:
                write_durably(Path(target), content)
            else:
                filesystem.pipe_file(target, content)
        except OSError as error:
            raise write_error(error, target, len(content)) from error
        return as_stored(name, content)

    def write_parquet(self, name: str, content: bytes) -> StoredFile:
        """Put a Parquet file in place, of which parts can be read and checked later. Raises StorageError."""
        self.write(name, content)
        return parquet_as_stored(name, content)

    def create(self, name: str, content: bytes) -> bool:
        """Put `content` in place under `name` if nothing is there yet, and say whether it was so; of several, one is
        first. A store that takes no conditions may let two be first. Raises StorageError as `write` does.
        """
        filesystem, base = self._filesystem
        target = f"{base}/{name}"
        try:
            self._check_plain(name)
            if self.is_local:
                return create_durably(Path(target), content)
            filesystem.pipe_file(target, content, mode="create")
        except FileExistsError:
            return False
        except OSError as error:
            raise write_error(error, target, len(content)) from error
        return True

    def rewrite(self, name: str, content: bytes) -> None:
        """Write `content` over a file of as many bytes, which on a disk must be there. Raises OSError."""
        filesystem, base = self._filesystem
        self._check_plain(name)
        if self.is_local:
            with open(f"{base}/{name}", "r+b", buffering=0) as file:
                file.write(content)
        else:
            filesystem.pipe_file(f"{base}/{name}", content)

    def write_table(self, name: str, table: pl.DataFrame, row_group_rows: int) -> StoredFile:
        """Write a table as zstd Parquet; the same rows always give the same bytes."""
        return self.write_parquet(name, parquet_of(table, row_group_rows))

    def read(self, name: str) -> bytes:
        """The bytes of `name`. Raises FileNotFoundError when it is not there.

        Raises NoPlainFile, and reads nothing, where it is none or larger than any of its name.
        """
        most = most_bytes(name)
        content = self.read_between(name, 0, None if most is None else most + 1)
        if most is not None and len(content) > most:
            raise NoPlainFile(f"{self.path(name)} has more than {most:,} bytes, which no file of its name needs")
        return content

    def read_between(self, name: str, start: int, end: int | None) -> bytes:
        """The bytes of `name` from one place to another, or to its end, as far as it has them; one request to a store.

        Raises FileNotFoundError, or NoPlainFile.
        """
        filesystem, base = self._filesystem
        self._check_plain(name)
        if not self.is_local:
            return bytes_between(filesystem, f"{base}/{name}", start, end)
        with open(f"{base}/{name}", "rb") as file:
            file.seek(start)
            return file.read(-1 if end is None else end - start)

    def open(self, name: str) -> io.BufferedIOBase | io.RawIOBase:
        """`name` to read parts of, from a store in a request for each. Raises FileNotFoundError or NoPlainFile.

        Whether an object is there shows when it is read.
        """
        if not self.is_local:
            return _StoredObject(partial(self.read_between, name))
        self._check_plain(name)
        return open(f"{self._filesystem[1]}/{name}", "rb")

    def is_as_written(self, file: StoredFile) -> bool:
        """Whether a file that is there has the bytes that were written. Raises FileNotFoundError."""
        digest, size = xxh3_128(), 0
        for block in self._blocks(file):
            digest.update(block)
            size += len(block)
        return size == file.bytes and digest.hexdigest() == file.xxh3

    def _blocks(self, file: StoredFile) -> Iterator[bytes]:
        """The bytes of a file, and of one that is longer one byte more; from a store in a request for each block."""
        if self.is_local:
            with self.open(file.name) as opened:
                yield from iter(partial(opened.read, HASHED_BYTES), b"")
            return
        for start in range(0, file.bytes + 1, HASHED_BYTES):
            block = self.read_between(file.name, start, min(start + HASHED_BYTES, file.bytes + 1))
            yield block
            if not block:
                return

    def size(self, name: str) -> int | None:
        """How many bytes `name` has, or None when it is not there. Raises NoPlainFile."""
        filesystem, base = self._filesystem
        self._check_plain(name)
        try:
            return int(filesystem.size(f"{base}/{name}"))
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Take `name` away if it is there. Raises NoPlainFile."""
        filesystem, base = self._filesystem
        self._check_plain(name)
        # Asked whether it is there, a store would answer in two requests what it answers by itself.
        with suppress(FileNotFoundError):
            filesystem.rm_file(f"{base}/{name}")

    def names(self, folder: str) -> list[str]:
        """The names of the files directly in `folder`, sorted; empty when there is no such folder."""
        return [*self.sizes(folder)]

    def sizes(self, folder: str) -> dict[str, int]:
        """The same names, each with the bytes that its file has."""
        filesystem, base = self._filesystem
        with suppress(FileNotFoundError):
            there = filesystem.ls(f"{base}/{folder}".rstrip("/"), detail=True, refresh=True)
            return dict(sorted((one["name"].rsplit("/", 1)[-1], one["size"]) for one in there if one["type"] == "file"))
        return {}

    def entries(self, folder: str) -> list[str]:
        """The names of everything directly in `folder`, sorted; empty when there is no such folder.

        Raises StorageError where it is no folder.
        """
        filesystem, base = self._filesystem
        path = f"{base}/{folder}".rstrip("/")
        if self.is_local and Path(path).exists() and not Path(path).is_dir():
            raise StorageError(f"{path} is a file; a folder is needed: choose another with --to")
        try:
            entries = filesystem.ls(path, detail=False, refresh=True)
        except FileNotFoundError:
            return []
        return sorted(entry.rstrip("/").rsplit("/", 1)[-1] for entry in entries)

    def below(self, folder: str) -> list[str]:
        """The names, below the root, of everything in `folder` that is no folder, sorted; links are not followed."""
        filesystem, base = self._filesystem
        if not self.is_local:
            found = filesystem.find(f"{base}/{folder}".rstrip("/"))
            return sorted(path.removeprefix(base).lstrip("/") for path in found)
        names = []
        for place, folders, files in os.walk(f"{base}/{folder}"):
            links = (name for name in folders if Path(place, name).is_symlink())
            names += [os.path.relpath(f"{place}/{name}", base) for name in (*files, *links)]
        return sorted(names)

    def _check_plain(self, name: str) -> None:
        """Raises NoPlainFile where a link is on the way to `name` below the folder, or anything but a plain file."""
        if not self.is_local:
            return
        path = self._filesystem[1]
        try:
            *folders, file = PurePosixPath(name).parts
            for part in folders:
                path += f"/{part}"
                if not stat.S_ISDIR(os.lstat(path).st_mode):
                    raise NoPlainFile(f"{path} is no folder of ours; it is not gone into: take it away")
            path += f"/{file}"
            if not stat.S_ISREG(os.lstat(path).st_mode):
                raise NoPlainFile(f"{path} is no plain file; it is neither read nor replaced: take it away")
        except FileNotFoundError:
            return


class _StoredObject(io.RawIOBase):
    """An object of a store, of which each read is one request for just these bytes, and nothing is asked before."""

    def __init__(self, read_between: Callable[[int, int], bytes]) -> None:
        self._read_between, self._place = read_between, 0

    def readable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        assert whence == os.SEEK_SET
        self._place = place
        return place

    def readinto(self, buffer: Any) -> int:
        found = self._read_between(self._place, self._place + len(buffer))
        memoryview(buffer)[: len(found)] = found
        self._place += len(found)
        return len(found)
