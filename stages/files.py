"""The files a source names: found, told apart by format and compression, and opened as bytes."""

from __future__ import annotations

import glob
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

import orjson
import pyarrow
import xxhash

Format = Literal["parquet", "json", "jsonl", "csv"]
Compression = Literal["none", "gzip", "zstd"]

FORMAT_OF_SUFFIX: dict[str, Format] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
}
COMPRESSION_OF_SUFFIX: dict[str, Compression] = {".gz": "gzip", ".zst": "zstd"}

BLOCK = 1 << 20
UTF8_MARK = b"\xef\xbb\xbf"


class SourceError(Exception):
    """A source that cannot be read at all: the message names the file and says what to do."""


@dataclass(frozen=True)
class File:
    """One input file: where it is, its name inside the source, and how to read it."""

    path: str
    name: str
    format: Format
    compression: Compression


def list_files(patterns: Sequence[str], base: Path) -> list[File]:
    """Every file that the patterns name, in the order of the patterns and sorted within each.

    A pattern is a file, a folder (searched to the bottom) or a glob (`*`, `?`, `[…]`, `**`) seen from `base`.
    Folders and globs take files of a known suffix and skip hidden ones; a file named twice comes once. Names
    are relative to the deepest folder that holds every pattern, so they are the same on another machine.

    Raises SourceError naming the pattern that matches nothing, or the file whose format is not known.
    """
    found = [(pattern, *_match(Path(os.path.normpath(base.absolute() / pattern)))) for pattern in patterns]
    for pattern, _, paths in found:
        if not paths:
            raise SourceError(f"{pattern}: no file matches (looked in {base} for names ending in {_known_suffixes()})")
    top = os.path.commonpath([root for _, root, _ in found])
    unique = dict.fromkeys(path for _, _, paths in found for path in paths)
    return [_identify(path, path.relative_to(top).as_posix()) for path in unique]


def _match(pattern: Path) -> tuple[Path, list[Path]]:
    """The folder that a pattern starts from, and the files it matches."""
    if pattern.is_file():
        return pattern.parent, [pattern]
    if pattern.is_dir():
        return pattern, _readable(pattern, "**")
    parts = pattern.parts
    fixed = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    return Path(*parts[:fixed]), _readable(Path(*parts[:fixed]), str(Path(*parts[fixed:])))


def _readable(root: Path, pattern: str) -> list[Path]:
    paths = sorted({root / name for name in glob.iglob(pattern, root_dir=root, recursive=True)})
    return [path for path in paths if path.is_file() and _kind(path)[0] is not None]


def _kind(path: Path) -> tuple[Format | None, Compression]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    compression = COMPRESSION_OF_SUFFIX.get(suffixes[-1], "none") if suffixes else "none"
    if compression != "none":
        suffixes.pop()
    return FORMAT_OF_SUFFIX.get(suffixes[-1]) if suffixes else None, compression


def _known_suffixes() -> str:
    return f"{', '.join(FORMAT_OF_SUFFIX)}, plain or with {' or '.join(COMPRESSION_OF_SUFFIX)}"


def _identify(path: Path, name: str) -> File:
    format, compression = _kind(path)
    if format is None:
        raise SourceError(f"{path}: the format is not known; sayso reads {_known_suffixes()}")
    if format == "json" and _holds_lines(str(path), compression):
        format = "jsonl"
    return File(path=str(path), name=name, format=format, compression=compression)


def _holds_lines(path: str, compression: Compression) -> bool:
    """Whether a `.json` file in truth holds JSON lines, as many do: its first two lines are whole objects."""
    with open_bytes(path, compression) as stream:
        head = [line.strip() for line in (stream.readline(BLOCK).removeprefix(UTF8_MARK), stream.readline(BLOCK))]
    return all(line.startswith(b"{") and line.endswith(b"}") and _is_json(line) for line in head)


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


@contextmanager
def open_bytes(path: str, compression: Compression) -> Iterator[BinaryIO]:
    """A file's bytes after decompression, in a stream of bounded memory.

    Raises SourceError where the file cannot be opened or its compressed data is broken or cut off; Arrow's
    decompressor is used because it reports a cut-off zstd file where others just end early.
    """
    try:
        if compression == "none":
            with open(path, "rb", buffering=BLOCK) as plain:
                yield plain
        else:
            with pyarrow.input_stream(path, compression=compression) as unpacked:
                yield cast(BinaryIO, io.BufferedReader(unpacked, BLOCK))
    except OSError as error:
        what = "cannot be read" if compression == "none" else f"cannot be unpacked as {compression}"
        raise SourceError(f"{path}: {what} ({error}); fetch the file again or leave it out") from error


def content_hash(path: str) -> str:
    """xxh3-128 (32 hex) of a file's bytes as stored, read in blocks."""
    digest = xxhash.xxh3_128()
    with open_bytes(path, "none") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
