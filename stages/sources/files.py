"""The files that a source's paths name: found, told apart by format and compression, and opened as bytes."""

from __future__ import annotations

import glob
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, cast

import orjson
import pyarrow
import xxhash
from fsspec.utils import glob_translate

from sayso.stages.sources.checked_bytes import BLOCK, ChangedFile, CheckedBytes, checks_of
from sayso.stages.sources.limits import USUAL, Limits, beyond
from sayso.stages.sources.local_files import fixed_part, matches
from sayso.stages.sources.stores import SourceError, UnreadableFile, is_changed, list_remote_files, open_remote

Format = Literal["parquet", "json", "jsonl", "csv"]
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
}
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
    """

    path: str
    name: str
    format: Format
    compression: Compression
    size: int
    version: str
    checks: str = ""
    limits: Limits = USUAL

    @property
    def is_remote(self) -> bool:
        """Whether it is read over a network, where each request takes its time."""
        return "://" in self.path


def list_files(patterns: Sequence[str], base: Path) -> list[File]:
    """Every file that the patterns name, in the order of the patterns and sorted within each.

    A pattern is a file, a folder (searched to the bottom) or a glob (`*`, `?`, `[…]`, `**`), a path seen from
    `base` or the URL of a store that fsspec knows; all are of one place. Folders and globs take files of a known
    suffix and skip hidden ones; a file named twice, or by links, comes once. Names are relative to the deepest folder
    that holds every pattern, so they are the same on another machine.

    Raises SourceError naming the pattern that matches nothing, the file whose format is not known, or the link that
    leads nowhere.
    """
    patterns = [pattern.removeprefix("file://") for pattern in patterns]
    remote = [pattern for pattern in patterns if "://" in pattern]
    if remote and (len(remote) < len(patterns) or len({pattern.split("://")[0] for pattern in remote}) > 1):
        raise SourceError(f"{remote[0]}: the paths of one source are in one place; make a source of each place")
    found = [(pattern, *(_match_store(pattern) if remote else _match(pattern, base))) for pattern in patterns]
    for pattern, _, files in found:
        if not files:
            where = "" if remote else f"looked in {base} "
            raise SourceError(f"{pattern}: no file matches ({where}for names ending in {KNOWN_SUFFIXES})")
    top = os.path.commonpath([root for _, root, _ in found])
    unique: dict[str, File] = {}
    for _, _, files in found:
        for file in files:
            unique.setdefault(file.path if file.is_remote else os.path.realpath(file.path), file)
    return [replace(file, name=PurePosixPath(file.name).relative_to(top).as_posix()) for file in unique.values()]


def _match(pattern: str, base: Path) -> tuple[str, list[File]]:
    """The folder that a pattern starts from, and the files on this machine that it matches."""
    path = Path(os.path.normpath(base.absolute() / pattern))
    if path.is_file():
        return str(path.parent), [_local(path)]
    if path.is_dir():
        return str(path), _match_folder(path, "**")
    root, rest = fixed_part(str(path))
    return root, _match_folder(Path(root), rest)


def _match_folder(root: Path, pattern: str) -> list[File]:
    wanted = [path for path in matches(root, pattern) if kind_of(path.name)[0] is not None or not path.suffix]
    for path in wanted:
        if path.is_symlink() and not path.exists():
            raise SourceError(f"{path}: the link leads nowhere; put back what it leads to, or take the link away")
    return [_local(path) for path in wanted if path.suffix and path.is_file()]


def _local(path: Path) -> File:
    found = path.stat()
    return file_by_name(str(path), str(path), found.st_size, str(found.st_mtime_ns))


def _match_store(url: str) -> tuple[str, list[File]]:
    """The folder that a URL starts from, and the files of its store that it matches."""
    scheme, _, wanted = url.rstrip("/").partition("://")
    root = fixed_part(wanted)[0] if glob.has_magic(wanted) else wanted
    found = {file.path: file for file in list_remote_files(f"{scheme}://{root}")}
    names = names_matching(found, wanted)
    files = [file_by_name(found[name].url, name, found[name].size, found[name].version) for name in names]
    return str(PurePosixPath(wanted).parent) if names == [wanted] else root, files


def names_matching(names: Iterable[str], pattern: str) -> list[str]:
    """Those of the names, sorted, that a pattern means: the file, the folder's files or the glob's.

    In a folder or by a glob, names that are hidden or of no known suffix are passed over.
    """
    names = sorted(names)
    if pattern in names:
        return [pattern]
    inside = f"{pattern.rstrip('/')}/"
    wanted = re.compile(glob_translate(pattern))
    root = pattern.rstrip("/") if any(name.startswith(inside) for name in names) else fixed_part(pattern)[0]
    found = [name for name in names if name.startswith(inside) or wanted.match(name)]
    return [name for name in found if kind_of(name)[0] is not None and not _is_hidden(name, root)]


def _is_hidden(name: str, root: str) -> bool:
    below = PurePosixPath(name).parts[len(PurePosixPath(root).parts) :]
    return any(part.startswith(".") for part in below)


def kind_of(name: str) -> tuple[Format | None, Compression]:
    """Format and compression as a file's name tells them; no format where its suffix is not known."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes]
    compression = COMPRESSION_OF_SUFFIX.get(suffixes[-1], "none") if suffixes else "none"
    if compression != "none":
        suffixes.pop()
    return FORMAT_OF_SUFFIX.get(suffixes[-1]) if suffixes else None, compression


KNOWN_SUFFIXES = f"{', '.join(FORMAT_OF_SUFFIX)}, plain or with {' or '.join(COMPRESSION_OF_SUFFIX)}"


def file_by_name(path: str, name: str, size: int, version: str) -> File:
    """A file with the format that its name tells. Raises SourceError where it tells none."""
    format, compression = kind_of(name)
    if format is None:
        raise SourceError(f"{path}: the format is not known; sayso reads {KNOWN_SUFFIXES}")
    return File(path, name, format, compression, size, version)


def with_actual_format(file: File) -> File:
    """The file with the format that it has: many a `.json` file in truth holds JSON lines."""
    if file.format == "json" and _holds_lines(file):
        return replace(file, format="jsonl")
    return file


def _holds_lines(file: File) -> bool:
    """Whether the first two lines are whole objects, or most of those in the first MiB of what is no array."""
    with open_bytes(file) as stream:
        first = [stream.readline(BLOCK).removeprefix(UTF8_MARK), stream.readline(BLOCK)]
        if all(map(_is_object, first)):
            return True
        if first[0].lstrip().startswith(b"["):
            return False
        lines = [line for line in (*first, *stream.readlines(BLOCK)) if line.strip()]
    whole = sum(map(_is_object, lines))
    return whole > 1 and 2 * whole > len(lines)


def _is_object(line: bytes) -> bool:
    """Whether a line is a whole JSON object."""
    line = line.strip()
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


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
        what = "cannot be read" if file.compression == "none" else f"cannot be unpacked as {file.compression}"
        raise UnreadableFile(f"{file.path}: {what} ({error}); fetch the file again or leave it out") from error


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
