"""A look at all elements of a JSON array before any is read: whether they can be told apart, and how."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import NamedTuple

from sayso.stages.sources.files import BLOCK, UTF8_MARK, File, open_bytes, skip
from sayso.stages.sources.formats.json_elements import (
    BLANKS,
    BracketedElements,
    NotInLines,
    Piece,
    Start,
    elements_in_lines,
)
from sayso.stages.sources.formats.json_faults import cut_off, fault_in, not_json
from sayso.stages.sources.formats.json_values import Broken, is_readable
from sayso.stages.sources.stores import UnreadableFile

# What parts an element: whole strings, one of which may run to the end, and brackets outside of them.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_FIRST_KEY = re.compile(rb'\{\s*+"((?:[^"\\]++|\\.)*+)"\s*+:', re.DOTALL)
# Elements of a few bytes are put together to stretches of so many.
ROWS = 1_000
_OPENS = {b"]": b"[", b"}": b"{"}


class Stretch(NamedTuple):
    """Elements that follow each other: the byte that they start at, how many there are, and their bytes."""

    offset: int
    rows: int
    size: int


def stretches(file: File, start: Start, most: int | None) -> tuple[Start, list[Stretch]]:
    """Where the elements of a list lie, and how they are told apart; `most` rows are enough, all for None.

    An element that is broken costs itself where its bounds are certain. By brackets they are where each reads as JSON
    but for what its strings and numbers hold (half a surrogate pair, bytes that are not UTF-8). One that does not may
    have swallowed others: its brackets must be closed by their own kind, it must open only one element, and most
    elements must parse. By lines they are where each element of an array starts a line with one indentation, for a
    JSON string holds no raw line break: then a broken one must have the shape of the first (one line, or one closing
    line at the same indentation) and open only one element, and most must parse.

    Raises UnreadableFile naming the file, line and column where the list is broken beyond that.
    """
    if start.parting == "document":
        return start, [Stretch(start.offset, 1, file.size)]
    by_brackets, is_array = _by_brackets(file, start, most)
    if by_brackets.is_sound and not by_brackets.doubtful:
        return start, by_brackets.stretches
    in_lines = Start("lines", start.offset)
    if is_array and (by_lines := _by_lines(file, in_lines, most)) and by_lines.is_sound:
        return in_lines, by_lines.stretches
    if by_brackets.is_sound and 2 * by_brackets.doubtful < by_brackets.rows:
        return start, by_brackets.stretches
    raise by_brackets.fault or cut_off(file)


class _Look:
    """What was seen of the elements so far.

    `doubtful`: how many are broken so that they may have swallowed others; `is_sound`: none has. `fault`: the first.
    """

    def __init__(self, file: File) -> None:
        self._file = file
        self._first_keys: set[str] = set()
        self.stretches: list[Stretch] = []
        self.rows = self.doubtful = 0
        self.is_sound = True
        self.fault: UnreadableFile | None = None

    def add(self, piece: Piece, is_clear: Callable[[bytes], bool], is_certain: Callable[[bytes], bool]) -> None:
        """Look at a piece. Of a broken element: whether its bounds are beyond doubt, and whether they can be right."""
        values = piece.values(self._file.limits.row_bytes)
        broken = [number for number, value in enumerate(values) if isinstance(value, Broken)]
        objects = (value for value in values if isinstance(value, dict))
        self._first_keys.update(next(iter(each), "") for each in (objects if broken else islice(objects, 1)))
        if piece.data is None:
            if piece.odd[0]:
                self.is_sound = False
                self.fault = self.fault or not_json(self._file, piece.offset, "a quote is missing in the row here")
        elif broken:
            bounds = list(piece.bounds())
            for start, end in (bounds[number] for number in broken):
                self._judge(piece.data[start:end], piece.offset + start, is_clear, is_certain)
        self.rows += piece.rows
        self._note(piece)

    def _judge(
        self, part: bytes, offset: int, is_clear: Callable[[bytes], bool], is_certain: Callable[[bytes], bool]
    ) -> None:
        self.fault = self.fault or fault_in(self._file, part, lambda at: offset + at)
        if not is_clear(part):
            self.doubtful += 1
            self.is_sound = self.is_sound and is_certain(part) and _openings(part, self._first_keys) < 2

    def _note(self, piece: Piece) -> None:
        last = self.stretches[-1] if self.stretches else None
        if last and last.rows + piece.rows <= ROWS and last.size + piece.size <= BLOCK:
            size = piece.offset + piece.size - last.offset
            self.stretches[-1] = Stretch(last.offset, last.rows + piece.rows, size)
        else:
            self.stretches.append(Stretch(piece.offset, piece.rows, piece.size))


def _by_brackets(file: File, start: Start, most: int | None) -> tuple[_Look, bool]:
    """A look at the elements, and whether the document is their array, beside which there is nothing."""
    look = _Look(file)
    with open_bytes(file) as stream:
        is_array = not stream.read(min(start.offset - 1, BLOCK)).removeprefix(UTF8_MARK).strip(BLANKS)
        skip(stream, start.offset - min(start.offset - 1, BLOCK))
        elements = BracketedElements(stream, start.offset, file.limits.row_bytes)
        for piece in elements:
            look.add(piece, is_readable, _closes_itself)
            if not look.is_sound or (most is not None and look.rows >= most):
                return look, is_array
        rest = elements.rest
        while is_array and elements.is_closed and rest and not rest.strip(BLANKS):
            rest = stream.read(BLOCK)
        if is_array and rest:
            said = "the array is closed before, and more follows; put all rows into one array"
            look.fault = look.fault or not_json(file, stream.tell() - len(rest.lstrip(BLANKS)), said)
    look.is_sound = elements.is_closed and not (is_array and rest)
    return look, is_array


def _by_lines(file: File, start: Start, most: int | None) -> _Look | None:
    """A look at the elements, None where lines do not part them."""
    look = _Look(file)
    closing: bytes | None = None
    with open_bytes(file) as stream:
        skip(stream, start.offset)
        try:
            for piece in elements_in_lines(file, stream, start.offset):
                if piece.data is not None and closing is None:
                    closing = piece.data[piece.data.rfind(b"\n") :] if b"\n" in piece.data else b""
                look.add(piece, lambda _: False, partial(_has_shape, closing or b""))
                if not look.is_sound or (most is not None and look.rows >= most):
                    break
        except NotInLines:
            return None
    return look if 2 * look.doubtful < look.rows else None


def _has_shape(closing: bytes, element: bytes) -> bool:
    """Whether an element has one closing line, or where none is to be there, but one line."""
    return element.count(closing) == 1 if closing else b"\n" not in element


def _closes_itself(element: bytes) -> bool:
    """Whether every bracket outside of strings is closed by one of its kind."""
    opened: list[bytes] = []
    for token in _TOKEN.finditer(element):
        mark = token[0][:1]
        if mark in (b"[", b"{"):
            opened.append(mark)
        elif mark in _OPENS and (not opened or opened.pop() != _OPENS[mark]):
            return False
    return not opened


def _openings(element: bytes, first_keys: set[str]) -> int:
    """How often what may be the start of an element occurs in one, inside of strings or out."""
    keys = [key[1].decode("utf-8", "replace") for key in _FIRST_KEY.finditer(element)]
    return sum(key in first_keys or key == keys[0] for key in keys)
