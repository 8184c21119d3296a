"""The lines of a JSON lines file, none of them longer than a row may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from stages.files import BLOCK, File
from stages.limits import beyond


class Line(NamedTuple):
    """A line that is not blank: number from 1, first byte, bytes, and what it holds if it is not too long."""

    number: int
    offset: int
    size: int
    content: bytes | None


def lines(file: File, stream: BinaryIO) -> Iterator[Line]:
    """The lines from where the stream is, of which there and then the number is 1 and the offset 0.

    Raises SourceError where there is more between two of them than a row may have.
    """
    most = file.limits.row_bytes
    number = offset = blank = 0
    while line := stream.readline(most + 1):
        number += 1
        if line.isspace():
            offset += len(line)
            blank += len(line)
            if blank > most:
                raise beyond(file.path, f"before line {number} blank lines are", most, "row_bytes")
            continue
        blank = 0
        whole = len(line) <= most or line.endswith(b"\n")
        size = len(line) if whole else len(line) + _passed(stream)
        yield Line(number, offset, size, line if whole else None)
        offset += size


def _passed(stream: BinaryIO) -> int:
    """How many bytes there were up to the next line."""
    size, ended = 0, False
    while not ended and (part := stream.readline(BLOCK)):
        size, ended = size + len(part), part.endswith(b"\n")
    return size
