"""The lines of a JSON lines file, none of them longer than a row may be."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from sayso.stages.sources.files import BLOCK, File
from sayso.stages.sources.limits import beyond

# So much is read and parted at a time: few calls for many lines, and little that is read in vain.
PART = 64 << 10

# A line that is not blank: number from 1, first byte, bytes, and what it holds if it is not too long. There are too
# many for a class of their own.
Line = tuple[int, int, int, bytes | None]


def lines(file: File, stream: BinaryIO) -> Iterator[Line]:
    """The lines from where the stream is, of which there and then the number is 1 and the offset 0.

    Raises SourceError where blank lines have together more than a row may have: each takes as long as a row.
    """
    most = file.limits.row_bytes
    number = offset = blank = 0
    for line in chain.from_iterable(_parts(stream, most)):
        number += 1
        size = len(line)
        if line.isspace():
            offset += size
            blank += size
            if blank > most:
                raise beyond(file.path, f"before line {number} blank lines are", most, "row_bytes")
            continue
        if size > most and not line.endswith(b"\n"):
            size += _skip_line(stream)
            yield number, offset, size, None
        else:
            yield number, offset, size, line
        offset += size


def _parts(stream: BinaryIO, most: int) -> Iterator[list[bytes]]:
    """Some lines at a time. One that is longer than `most` bytes and its end is cut there, and is the last of them."""
    while part := stream.read(min(PART, most)):
        if not part.endswith(b"\n"):
            begun = len(part) - part.rfind(b"\n") - 1
            part += stream.readline(most + 1 - begun)
        yield io.BytesIO(part).readlines()


def _skip_line(stream: BinaryIO) -> int:
    """How many bytes there were up to the next line."""
    size, ended = 0, False
    while not ended and (part := stream.readline(BLOCK)):
        size, ended = size + len(part), part.endswith(b"\n")
    return size
