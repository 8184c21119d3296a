"""A JSON document that holds rows: an array of objects, an object with such a list inside, or a row by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, NamedTuple

from sayso.stages.sources.files import BLOCK, UTF8_MARK, File, open_bytes, skip
from sayso.stages.sources.formats.json_elements import BLANKS, BracketedElements, Start
from sayso.stages.sources.formats.json_faults import cut_off, fault_in, not_json
from sayso.stages.sources.formats.json_structure import OutsideLists
from sayso.stages.sources.formats.json_values import parse
from sayso.stages.sources.limits import beyond
from sayso.stages.sources.stores import UnreadableFile

# Whether a JSON object is a row by itself.
IsRow = Callable[[Mapping[str, object]], bool]

# How many lists or keys a message names.
_MOST_SHOWN = 10
_LONGEST_SHOWN = 60
_ONE_ARRAY = "a JSON file must hold one array of rows, an object with one list of them, or one row"


def start_of_rows(file: File, is_row: IsRow) -> Start:
    """Where the rows of a document start, taken to be sound.

    The document is a row where `is_row` says so, or one array of rows; or an object in which they are a list, the one
    that `rows_at` of its source names, the only one that holds objects, or of several the only one whose first object
    is a row. Raises UnreadableFile, which names the lists that are there.
    """
    with open_bytes(file) as stream:
        place, first = _first_byte(stream)
    if first == b"[":
        if file.rows_at:
            raise UnreadableFile(f"{file.path}: it is one array by itself; take `rows_at` out of its source")
        return Start("brackets", place + 1)
    if first == b"{":
        if file.rows_at is None and _is_one_row(file, is_row):
            return Start("document", place)
        return Start("brackets", _chosen(file, is_row, *_lists(file)).offset)
    if not first:
        raise UnreadableFile(f"{file.path}: the file is empty; fetch or write it again, or leave it out")
    if first in b'"-0123456789ntf':
        raise UnreadableFile(f"{file.path}: {_ONE_ARRAY}, and it is a text, a number or null; leave it out")
    raise not_json(file, place, "a document starts with a bracket")


def _first_byte(stream: BinaryIO) -> tuple[int, bytes]:
    """Place and value of the first byte that is not blank, none in an empty file."""
    place = 0
    while block := stream.read(BLOCK):
        sound = block.removeprefix(UTF8_MARK) if place == 0 else block
        if found := sound.lstrip(BLANKS):
            return place + len(block) - len(found), found[:1]
        place += len(block)
    return place, b""


def _is_one_row(file: File, is_row: IsRow) -> bool:
    with open_bytes(file) as stream:
        data = stream.read(file.limits.row_bytes + 1)
    value = parse(data.removeprefix(UTF8_MARK)) if len(data) <= file.limits.row_bytes else None
    return isinstance(value, dict) and is_row(value)


class _List(NamedTuple):
    """A list in an object: the keys that lead to it, where its first element starts, and whether that is an object."""

    keys: tuple[str, ...]
    offset: int
    holds_objects: bool

    @property
    def path(self) -> str:
        return ".".join(self.keys)


def _chosen(file: File, is_row: IsRow, lists: Sequence[_List], keys: Sequence[str]) -> _List:
    """The list of rows among those of an object. Raises UnreadableFile."""
    of_objects = [found for found in lists if found.holds_objects]
    if file.rows_at is not None:
        named = [found for found in lists if found.path == file.rows_at]
    else:
        named = of_objects if len(of_objects) == 1 else _of_rows(file, is_row, of_objects)
    if len(named) == 1 or (named and file.rows_at):
        return named[0]
    paths = [found.path for found in of_objects[:_MOST_SHOWN]]
    there = (
        f"its lists of objects are {', '.join(paths)}"
        if paths
        else f"it holds no list of objects; its keys are {_shown(keys)}"
    )
    if len(of_objects) > _MOST_SHOWN:
        there += f" and {len(of_objects) - _MOST_SHOWN:,} more"
    if file.rows_at is not None:
        raise UnreadableFile(f"{file.path}: no list is at {file.rows_at}, and {there}; mend `rows_at` of its source")
    what = f"name one in its source, as in `rows_at: {paths[0]}`" if paths else "write its rows as an array"
    raise UnreadableFile(f"{file.path}: {_ONE_ARRAY}, and {there}; {what}, or leave it out")


def _of_rows(file: File, is_row: IsRow, lists: Sequence[_List]) -> list[_List]:
    """Those of the lists whose first element is a row; two of them are enough, and so are the first few to look at."""
    found = []
    for each in lists[:_MOST_SHOWN]:
        with open_bytes(file) as stream:
            skip(stream, each.offset)
            most = file.limits.row_bytes
            pieces = BracketedElements(stream, each.offset, most)
            (first,) = [piece.cut(0, 1).values(most)[0] for piece in islice(pieces, 1)] or [None]
        if isinstance(first, dict) and is_row(first):
            found.append(each)
        if len(found) == 2:
            break
    return found


@dataclass
class _Outside:
    """What an object has beside what is in its lists, and where of the file each of its bytes is from."""

    data: bytearray = field(default_factory=bytearray)
    left_out: list[tuple[int, int]] = field(default_factory=list)
    mark: int = 0

    def key(self) -> str:
        """The key of what has just been opened, empty for the document itself."""
        text = bytes(self.data[self.mark : -1]).strip()
        value = parse(text[:-1]) if text.endswith(b":") else ""
        return value if isinstance(value, str) else "?"

    def place(self, at: int) -> int:
        """Where in the file a byte of `data` is."""
        return at + sum(size for place, size in self.left_out if place <= at)


def _shown(keys: Sequence[str]) -> str:
    return ", ".join(key[:_LONGEST_SHOWN] for key in keys[:_MOST_SHOWN]) + (", …" if len(keys) > _MOST_SHOWN else "")


def _lists(file: File) -> tuple[list[_List], list[str]]:
    """The outermost lists of an object, in order, and its keys. Raises UnreadableFile where the rest is no JSON."""
    structure, outside, found = OutsideLists(), _Outside(), list[_List]()
    keys: list[str] = []
    opened, base, is_begun = -1, 0, False
    with open_bytes(file) as stream:
        while block := stream.read(BLOCK):
            if base == 0 and block.startswith(UTF8_MARK):
                block = b"   " + block[len(UTF8_MARK) :]
            start = 0
            if opened >= 0 and not is_begun:
                is_begun = bool(block.strip(BLANKS))
                found[-1] = _with_first(found[-1], block)
            for place in structure.of(block):
                mark = block[place : place + 1]
                if opened >= 0:
                    # The bracket that closes the list.
                    outside.left_out.append((len(outside.data), base + place - opened))
                    opened, start = -1, place
                outside.data += block[start : place + 1]
                start = place + 1
                if mark == b"{":
                    keys.append(outside.key())
                elif mark == b"[":
                    opened, is_begun = base + start, bool(block[start:].strip(BLANKS))
                    found.append(_with_first(_List((*keys[1:], outside.key()), opened, False), block[start:]))
                elif mark == b"}" and keys:
                    keys.pop()
                outside.mark = len(outside.data)
            if opened < 0:
                outside.data += block[start:]
            base += len(block)
            if len(outside.data) > file.limits.row_bytes:
                raise beyond(file.path, "beside its lists the document has", file.limits.row_bytes, "row_bytes")
    if opened >= 0 or not structure.is_closed:
        raise cut_off(file)
    if fault := fault_in(file, bytes(outside.data), outside.place):
        raise fault
    document = parse(bytes(outside.data))
    return found, list(document) if isinstance(document, dict) else []


def _with_first(found: _List, data: bytes) -> _List:
    return found._replace(holds_objects=data.lstrip(BLANKS).startswith(b"{"))
