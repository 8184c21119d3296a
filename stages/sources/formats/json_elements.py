"""The elements of a JSON array in pieces of about a megabyte: parted by brackets, or where these mislead, by lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, Literal, NamedTuple

import orjson

from sayso.stages.sources.files import BLOCK, File
from sayso.stages.sources.formats.json_faults import cut_off
from sayso.stages.sources.formats.json_lines import lines
from sayso.stages.sources.formats.json_structure import ElementEnds
from sayso.stages.sources.formats.json_values import Broken, parse
from sayso.stages.sources.limits import large_row

BLANKS = b" \t\r\n"

# How the rows of a document are told apart: by brackets and commas, by the lines that they start, or there is but one.
Parting = Literal["brackets", "lines", "document"]


class Start(NamedTuple):
    """Where rows of a document start, and how they are told apart from there on."""

    parting: Parting
    offset: int


@dataclass(frozen=True)
class Piece:
    """Consecutive elements: the byte of the file that they start at, and what they are written in.

    `ends`: where each ends in `data`; a comma stands between two. `odd`: of which of them the end is in doubt, for a
    string in it breaks off. Of one that is larger than a row may be, `data` is None, and its end its size.
    """

    offset: int
    data: bytes | None
    ends: Sequence[int]
    odd: Sequence[bool]

    @property
    def rows(self) -> int:
        return len(self.ends)

    @property
    def size(self) -> int:
        return self.ends[-1]

    def bounds(self) -> Iterator[tuple[int, int]]:
        """Where each element starts and ends in `data`."""
        for before, end in pairwise([-1, *self.ends]):
            yield before + 1, end

    def cut(self, start: int, end: int) -> Piece:
        """Some of the elements."""
        if self.data is None or (start == 0 and end >= self.rows):
            return self
        first = self.ends[start - 1] + 1 if start else 0
        ends = [place - first for place in self.ends[start:end]]
        return Piece(self.offset + first, self.data[first : first + ends[-1]], ends, self.odd[start:end])

    def values(self, most: int) -> list[object]:
        """The elements' values, Broken where one cannot be parsed or has more than `most` bytes."""
        if self.data is None:
            return [Broken(*large_row(self.size, most))]
        try:
            found: list[object] = orjson.loads(b"[%b]" % self.data)
        except orjson.JSONDecodeError:
            return [parse(self.data[start:end]) for start, end in self.bounds()]
        return found


class BracketedElements:
    """The elements from a byte of a stream on, each up to its comma or to the bracket that closes the list.

    None is held that has more than `most` bytes.
    """

    def __init__(self, stream: BinaryIO, offset: int, most: int) -> None:
        self._stream, self._most = stream, most
        self._ends = ElementEnds()
        # Of the element that the last block broke off in: its first byte, its bytes, or how many were passed over.
        self._start, self._begun, self._passed = offset, b"", 0
        self.rest = b""

    @property
    def is_closed(self) -> bool:
        """Whether the list's own bracket was found; `rest` is what was read beyond it."""
        return self._ends.is_closed

    def __iter__(self) -> Iterator[Piece]:
        while not self.is_closed and (block := self._stream.read(BLOCK)):
            places, flags = self._ends.of(block)
            ends, odd = places.tolist(), flags.tolist()
            if ends and self.is_closed:
                self.rest = block[ends[-1] + 1 :]
            if ends and self._passed:
                yield Piece(self._start, None, [self._passed + ends[0]], odd[:1])
                first = ends[0] + 1
                self._start += self._passed + first
                self._passed, block = 0, block[first:]
                ends, odd = [end - first for end in ends[1:]], odd[1:]
            if ends:
                yield from self._pieces(block, ends, odd)
            else:
                self._go_on(block)

    def _pieces(self, block: bytes, ends: list[int], odd: list[bool]) -> Iterator[Piece]:
        before, start = len(self._begun), self._start
        data = self._begun + block[: ends[-1]]
        self._start, self._begun = start + len(data) + 1, b""
        self._go_on(block[ends[-1] + 1 :])
        ends = [before + end for end in ends]
        last = ends[-2] + 1 if len(ends) > 1 else 0
        if self.is_closed and not data[last:].strip(BLANKS):
            # A list of nothing, or a comma after the last element.
            ends, odd = ends[:-1], odd[:-1]
            data = data[: ends[-1]] if ends else b""
        if ends:
            yield from _without_large(Piece(start, data, ends, odd), self._most)

    def _go_on(self, block: bytes) -> None:
        """Hold what is there of the next element, without the blanks before it."""
        if self._passed:
            self._passed += len(block)
            return
        begun = self._begun + block
        self._begun = begun.lstrip(BLANKS) if begun[:1].isspace() else begun
        self._start += len(begun) - len(self._begun)
        if len(self._begun) > self._most:
            self._begun, self._passed = b"", len(self._begun)


def _without_large(piece: Piece, most: int) -> Iterator[Piece]:
    """The elements of a piece, of which those that have more than `most` bytes stand alone and without them."""
    assert piece.data is not None
    if len(piece.data) <= most:
        yield piece
        return
    begun = 0
    for number, (start, end) in enumerate(piece.bounds()):
        size = end - start if end - start <= most else len(piece.data[start:end].strip(BLANKS))
        if size > most:
            if begun < number:
                yield piece.cut(begun, number)
            yield Piece(piece.offset + start, None, [size], piece.odd[number : number + 1])
            begun = number + 1
    if begun < piece.rows:
        yield piece.cut(begun, piece.rows)


class NotInLines(ValueError):
    """Raised for an array whose elements do not start lines, or that is not closed."""


def elements_in_lines(file: File, stream: BinaryIO, offset: int) -> Iterator[Piece]:
    """The elements from the start of one on, each of which starts a line; one a piece, to the end of the array.

    The lines that they start are those with the indentation of the first. Raises NotInLines.
    """
    most, opening, last = file.limits.row_bytes, b"", b""
    begun: list[bytes] = []
    start = size = 0
    for _, place, length, line in lines(file, stream):
        last = line or b""
        if not opening:
            opening = last[: len(last) - len(last.lstrip(b" \t"))] + b"{"
            if not last.startswith(opening):
                raise NotInLines
        if last.startswith(opening) and size:
            yield _element(offset + start, b"".join(begun), size, most)
            begun, size = [], 0
        start = start if size else place
        size += length
        if size <= most:
            begun.append(last)
    if not last.rstrip().endswith(b"]"):
        raise NotInLines
    yield _element(offset + start, b"".join(begun).rstrip()[:-1], size, most)


def _element(offset: int, data: bytes, size: int, most: int) -> Piece:
    if size > most:
        return Piece(offset, None, [size], [False])
    data = data.strip().removesuffix(b",").rstrip()
    return Piece(offset, data, [len(data)], [False])


def pieces_from(file: File, stream: BinaryIO, start: Start) -> Iterator[Piece]:
    """The elements of a document from the byte where the stream is. Raises UnreadableFile where it breaks off."""
    if start.parting == "document":
        data = stream.read()
        yield Piece(start.offset, data, [len(data)], [False])
        return
    if start.parting == "lines":
        yield from elements_in_lines(file, stream, start.offset)
        return
    elements = BracketedElements(stream, start.offset, file.limits.row_bytes)
    yield from elements
    if not elements.is_closed:
        raise cut_off(file)
