"""A local file's bytes, held block by block against what they were when the file was surveyed.

Whoever reads a part of a file checks the blocks of that part, so that ranges of one file can be read one by one, by
several workers and hours later, and still be of one file.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import xxhash

from sayso.stages.sources.stores import SourceError

BLOCK = 1 << 20
# xxh3-64, in hexadecimal digits.
DIGITS = 16


class ChangedFile(SourceError):
    """Raised for a file that is no longer the one that was surveyed: what is on record of it does not hold."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: the file was changed or removed after the run was planned; start it again"


def checks_of(stream: BinaryIO) -> str:
    """A hash of each block of a stream, `DIGITS` digits each."""
    return "".join(xxhash.xxh3_64_hexdigest(block) for block in iter(lambda: stream.read(BLOCK), b""))


def hash_of(stream: BinaryIO) -> str:
    """What stands for all bytes of a stream, 32 hex: their xxh3-128."""
    digest = xxhash.xxh3_128()
    while block := stream.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


class CheckedBytes(io.RawIOBase):
    """A file for reading, of which no byte is given out before the whole of its block is as it was.

    `checks`: what `checks_of` gave. Raises ChangedFile where the file is gone, of another size or of other bytes.
    """

    def __init__(self, path: str, size: int, checks: str) -> None:
        try:
            # Not closed by `with`: the stream is the owner, and closes it.
            self._file = open(path, "rb", buffering=0)  # noqa: SIM115
        except FileNotFoundError:
            raise ChangedFile(path) from None
        self._path, self._size, self._checks = path, size, checks
        self._place, self._number, self._block = 0, -1, b""
        if os.fstat(self._file.fileno()).st_size != size:
            self._file.close()
            raise ChangedFile(path)

    def close(self) -> None:
        self._file.close()
        super().close()

    def fileno(self) -> int:
        return self._file.fileno()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + (0, self._place, self._size)[whence]
        return self._place

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._place >= self._size:
            return 0
        number, start = divmod(self._place, BLOCK)
        if start == 0 and len(view) >= BLOCK and number != self._number:
            # A whole block goes where it is wanted at once, and is refused there if it is another.
            size = os.preadv(self._file.fileno(), [view[:BLOCK]], self._place)
            if size == min(BLOCK, self._size - self._place):
                self._check(number, view[:size])
                self._place += size
                return size
        part = memoryview(self._whole_block(number))[start : start + len(view)]
        view[: len(part)] = part
        self._place += len(part)
        return len(part)

    def readall(self) -> bytes:
        return b"".join(iter(lambda: self.read(BLOCK) or b"", b""))

    def check(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Hold the blocks of these ranges (first byte, how many) against what they were, as far as the file goes."""
        for number in sorted({block for start, size in ranges for block in self._blocks(start, size)}):
            self._whole_block(number)

    def _blocks(self, start: int, size: int) -> range:
        end = min(start + size, self._size)
        return range(max(start, 0) // BLOCK, (end + BLOCK - 1) // BLOCK)

    def _whole_block(self, number: int) -> bytes:
        if number != self._number:
            block = self._stored(number * BLOCK)
            self._check(number, block)
            self._number, self._block = number, block
        return self._block

    def _check(self, number: int, block: bytes | memoryview) -> None:
        if xxhash.xxh3_64_hexdigest(block) != self._checks[number * DIGITS : (number + 1) * DIGITS]:
            raise ChangedFile(self._path)

    def _stored(self, place: int) -> bytes:
        parts, wanted = [], BLOCK
        while wanted and (part := os.pread(self._file.fileno(), wanted, place)):
            parts.append(part)
            place, wanted = place + len(part), wanted - len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


@contextmanager
def unchanged_meanwhile(path: str, size: int, checks: str, ranges: Iterable[tuple[int, int]]) -> Iterator[None]:
    """What is read of these ranges by others meanwhile, and by the path, is what it was.

    The ranges are checked first; that nobody wrote to the file or put another in its place since then, the file system
    knows, for the time of a file's last change cannot be set. Raises ChangedFile.
    """
    with CheckedBytes(path, size, checks) as file:
        before = _state(os.fstat(file.fileno()))
        file.check(ranges)
        try:
            yield
        finally:
            if not Path(path).exists() or _state(Path(path).stat()) != before:
                raise ChangedFile(path)


def _state(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
