"""Files of a source: told apart by format and compression, and opened as bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import BinaryIO, Literal, cast

import pyarrow
import xxhash

from sayso.manifests.errors import in_one_line
from sayso.stages.sources.checked_bytes import BLOCK, ChangedFile, CheckedBytes, checks_of
from sayso.stages.sources.limits import USUAL, Limits, beyond
from sayso.stages.sources.stores import (
    SourceError,
    UnreadableFile,
    is_changed,
    open_remote,
)

Format = Literal["parquet", "json", "jsonl", "csv", "tsv", "transcripts"]
Compression = Literal["none", "gzip", "zstd"]
# What comes of a file that cannot be read: the run stops, or goes on without it.
UnreadableFiles = Literal["stop", "drop"]

FORMAT_OF_SUFFIX: dict[str, Format] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    # LibriSpeech's; the one of MLS is known by its whole name.
    ".trans.txt": "transcripts",
}
MLS_TRANSCRIPTS = "transcripts.txt"
COMPRESSION_OF_SUFFIX: dict[str, Compression] = {".gz": "gzip", ".zst": "zstd"}

# Each block of a remote file costs a request.
REMOTE_BLOCK = 4 << 20
UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class File:
    """One input file: where it is (a path or a URL), its name inside the source, and how to read it.

    `size`: bytes as stored. `version`: what the place where it is says of its content; another one may mean
    that it changed, the same one means that it did not. `checks`: hashes of a local file's blocks, against which all
    that is read of it is held; empty where it has not been surveyed. `limits`: how much it may unpack to.
    `rows_at`: the list of rows in a JSON document, the keys that lead to it parted by dots.
    """

    path: str
    name: str
    format: Format
    compression: Compression
    size: int
    version: str
    checks: str = ""
    limits: Limits = USUAL
    rows_at: str | None = None

    @property
    def is_remote(self) -> bool:
        """Whether it is read over a network, where each request takes its time."""
        return "://" in self.path


def kind_of(name: str) -> tuple[Format | None, Compression]:
    """Format and compression as a file's name tells them; no format where its suffix is not known."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes]
    compression = COMPRESSION_OF_SUFFIX.get(suffixes[-1], "none") if suffixes else "none"
    if compression != "none":
        suffixes.pop()
    if PurePosixPath(name).name == MLS_TRANSCRIPTS:
        return "transcripts", compression
    found = (FORMAT_OF_SUFFIX.get("".join(suffixes[-count:])) for count in (1, 2) if len(suffixes) >= count)
    return next((format for format in found if format), None), compression


KNOWN_SUFFIXES = f"{', '.join(FORMAT_OF_SUFFIX)}, plain or with {' or '.join(COMPRESSION_OF_SUFFIX)}"


def file_by_name(path: str, name: str, size: int, version: str) -> File:
    """A file with the format that its name tells. Raises SourceError where it tells none."""
    format, compression = kind_of(name)
    if format is None:
        raise SourceError(f"{path}: the format is not known; sayso reads {KNOWN_SUFFIXES}")
    return File(path, name, format, compression, size, version)


@contextmanager
def open_bytes(file: File) -> Iterator[BinaryIO]:
    """A file's bytes after decompression, in a stream of bounded memory.

    Raises UnreadableFile where the file cannot be opened or its compressed data is broken or cut off; Arrow's
    decompressor is used because it reports a cut-off zstd file where others just end early.
    """
    try:
        with open_stored(file) as stored:
            if file.compression == "none":
                yield stored
            else:
                unpacked = pyarrow.CompressedInputStream(pyarrow.PythonFile(stored, mode="r"), file.compression)
                yield cast(BinaryIO, io.BufferedReader(_Unpacked(file, unpacked), BLOCK))
    except OSError as error:
        said = in_one_line(error)
        if "too much memory" in said:
            raise UnreadableFile(
                f"{file.path}: it was packed with a window too long to unpack in bounded memory ({said}); unpack it "
                "with `zstd -d --long=31` and name what comes of it, or pack that without --long"
            ) from error
        what = "cannot be read" if file.compression == "none" else f"cannot be unpacked as {file.compression}"
        raise UnreadableFile(f"{file.path}: {what} ({said}); fetch the file again or leave it out") from error


class _Unpacked(io.RawIOBase):
    """The bytes of a packed file, as many as there may be. Raises SourceError where there are more."""

    def __init__(self, file: File, stream: pyarrow.NativeFile) -> None:
        self._file, self._stream, self._place = file, stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        size: int = self._stream.readinto(buffer)
        self._place += size
        if self._place > self._file.limits.file_bytes:
            raise beyond(self._file.path, "it unpacks to", self._file.limits.file_bytes, "file_bytes")
        return size


def skip(stream: BinaryIO, size: int) -> None:
    """Pass over so many bytes."""
    if stream.seekable():
        stream.seek(size, io.SEEK_CUR)
        return
    while size > 0 and (part := stream.read(min(size, BLOCK))):
        size -= len(part)


def all_bytes(file: File) -> bytes:
    """All bytes of a file after decompression. Raises SourceError where they are more than a block may have."""
    data, most = io.BytesIO(), file.limits.block_bytes
    with open_bytes(file) as stream:
        while part := stream.read(BLOCK):
            data.write(part)
            if data.tell() > most:
                raise beyond(file.path, "it is read as a whole and has", most, "block_bytes")
    return data.getvalue()


@contextmanager
def open_stored(file: File) -> Iterator[BinaryIO]:
    """A file's bytes as stored, read by ranges where they are far away."""
    if file.is_remote and file.size <= REMOTE_BLOCK:
        yield io.BytesIO(_whole(file))
        return
    if file.is_remote:
        yield cast(BinaryIO, io.BufferedReader(open_remote(file.path, file.size), REMOTE_BLOCK))
        return
    if file.checks:
        with CheckedBytes(file.path, file.size, file.checks) as checked:
            yield cast(BinaryIO, io.BufferedReader(checked, BLOCK))
        return
    with open(file.path, "rb", buffering=BLOCK) as stream:
        yield stream


@lru_cache(maxsize=1)
def _whole(file: File) -> bytes:
    """A small remote file, kept while one looks at it from several sides."""
    return open_remote(file.path, file.size).read(file.size) or b""


def with_checks(file: File) -> File:
    """The file with hashes of its blocks, for which it is read once; a remote one has its store's word instead."""
    if file.is_remote:
        return file
    with open_bytes(replace(file, compression="none", checks="")) as stream:
        return replace(file, checks=checks_of(stream))


def content_of(file: File) -> str:
    """What stands for the content of a file with checks: 32 hex of them, or for a remote one its store's word."""
    return file.version if file.is_remote else xxhash.xxh3_128_hexdigest(f"{file.size} {file.checks}".encode())


@contextmanager
def checking_versions(files: Sequence[File]) -> Iterator[None]:
    """What is read of these files meanwhile is what they were; of a local one its checks see to that.

    Raises ChangedFile where a store has another version of a file than its `version`, or none.
    """
    try:
        yield
    finally:
        for file in files:
            if file.is_remote and is_changed(file.path, file.version):
                raise ChangedFile(file.path)
