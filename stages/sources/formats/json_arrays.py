"""A JSON document that holds rows: an array of objects, or an object with one such list inside."""

from __future__ import annotations

import json
import re

import orjson

from sayso.stages.sources.files import UTF8_MARK, File
from sayso.stages.sources.limits import beyond, large_row
from sayso.stages.sources.stores import UnreadableFile

# What parts a document: whole strings, one of which may run to the end, and brackets and commas outside of them.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|[\[\]{},]', re.DOTALL)
_BLANKS = re.compile(rb"[ \t\r\n]*+")
_FIRST_KEY = re.compile(rb'\{\s*+"((?:[^"\\]++|\\.)*+)"\s*+:', re.DOTALL)
_OPENS = {b"]": b"[", b"}": b"{"}
# What a list or an object takes beside what is in it, and a value beside its text.
CONTAINER, VALUE = 64, 32


class Broken:
    """Stands in the place of an element that could not be parsed, with the parser's words."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail


def parse(data: bytes) -> object:
    """One JSON value, or Broken (`invalid_utf8` or `invalid_json`) where the bytes hold none."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as undecodable:
            return Broken("invalid_utf8", str(undecodable))
        return Broken("invalid_json", str(error))


def break_large_rows(rows: list[object], most: int) -> list[object]:
    """The rows, of which one that has more than `most` bytes, written as JSON, is Broken.

    Rows that have no more together are measured together, others by halves.
    """
    if len(rows) > 1:
        half = len(rows) // 2
        return rows if _fit(rows, most) else break_large_rows(rows[:half], most) + break_large_rows(rows[half:], most)
    return [row if _size(row) <= most else Broken(*large_row(_size(row), most)) for row in rows]


def _fit(rows: list[object], most: int) -> bool:
    """Whether rows have no more than `most` bytes together; never where they cannot all be written."""
    try:
        return len(orjson.dumps(rows, default=lambda _: None)) <= most
    except orjson.JSONEncodeError:
        return False


def _size(row: object) -> int:
    try:
        return len(orjson.dumps(row))
    except orjson.JSONEncodeError:
        # It writes fewer levels than it reads.
        return len(repr(row))


def load_rows(file: File, data: bytes) -> list[object]:
    """The elements of the document's list as found; a broken one is Broken where its bounds are certain.

    Raises UnreadableFile naming the file, line and column where the document is broken beyond that, and where it
    holds no list of rows or more than one, or would take more memory than a block may.
    """
    path, most = file.path, file.limits.block_bytes
    if len(data) * (CONTAINER + VALUE) > most and _memory(data) > most:
        raise beyond(path, "with its values in memory the document takes", most, "block_bytes")
    data = data.removeprefix(UTF8_MARK)
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        rows = _by_lines(data.strip()) or _by_brackets(data.strip())
        if rows is None:
            raise UnreadableFile(
                f"{path}: {_place(data, error)}; repair that line, or keep one row a line in a .jsonl file, "
                "where a broken line costs one row"
            ) from error
        return rows
    if isinstance(document, list):
        return document
    lists = (
        {key: value for key, value in document.items() if _holds_objects(value)} if isinstance(document, dict) else {}
    )
    if len(lists) != 1:
        found = f"its lists of objects are {', '.join(lists)}" if lists else "it holds no list of objects"
        raise UnreadableFile(f"{path}: a JSON file must hold one array of rows, and {found}; name or split it")
    return list(next(iter(lists.values())))


def _memory(data: bytes) -> int:
    """About the bytes that a document takes with its values, at most."""
    return len(data) + CONTAINER * (data.count(b"{") + data.count(b"[")) + VALUE * data.count(b",")


def _place(data: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as undecodable:
        # The parser checks the encoding first and reports that fault at the start of the file.
        before = data[: undecodable.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        return f"not UTF-8 at line {line}, column {column}"
    return f"not JSON at line {error.lineno}, column {error.colno} ({error.msg})"


def _holds_objects(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(element, dict) for element in value)


def _by_lines(data: bytes) -> list[object] | None:
    """The elements of an array in which some are broken, or None where their bounds are not certain.

    A JSON string holds no raw line break, so in a file that starts each element on a line of its own, at one
    indentation, a broken element cannot hide where the next one begins. The bounds count as certain when the
    array is closed, each broken element has the shape of the first (one line, or one closing line at the same
    indentation) and holds the start of no other, and most elements parse.
    """
    if not (data.startswith(b"[") and data.endswith(b"]")):
        return None
    body = data[1:-1]
    before = body[: len(body) - len(body.lstrip())]
    indent = b"\n" + before[len(before.rstrip(b" \t")) :]
    blank, *rests = (b"\n" + body).split(indent + b"{")
    if not rests or blank.strip():
        return None
    chunks = [(b"{" + rest).strip().removesuffix(b",").rstrip() for rest in rests]
    in_one_line = b"\n" not in chunks[0]
    elements = [parse(chunk) for chunk in chunks]
    broken = [chunk for chunk, element in zip(chunks, elements, strict=True) if isinstance(element, Broken)]
    if any(b"\n" in chunk if in_one_line else chunk.count(indent + b"}") != 1 for chunk in broken):
        return None
    first_keys = _first_keys(elements)
    if any(_openings(chunk, first_keys) > 1 for chunk in broken):
        return None
    return elements if 2 * len(broken) < len(elements) else None


def _by_brackets(data: bytes) -> list[object] | None:
    """As `_by_lines`, for elements that do not start lines: where brackets and commas outside of strings part them.

    The bounds count as certain when every bracket is closed by its own kind, all that is outside the list is whole, and
    each broken element reads as JSON but for what its strings and numbers hold (half a surrogate pair, bytes that are
    not UTF-8, NaN). One that does not may have swallowed others: it must open only one element, and most must parse.
    """
    lists = [found for found in _lists(data) if any(data.startswith(b"{", start) for start, _ in found)]
    if len(lists) != 1:
        return None
    (bounds,) = lists
    if isinstance(parse(data[: bounds[0][0]] + data[bounds[-1][1] :]), Broken):
        return None
    chunks = [data[start:end].rstrip() for start, end in bounds]
    chunks = chunks if chunks[-1] else chunks[:-1]
    elements = [parse(chunk) for chunk in chunks]
    first_keys = _first_keys(elements)
    broken = [chunk for chunk, element in zip(chunks, elements, strict=True) if isinstance(element, Broken)]
    doubtful = [chunk for chunk in broken if not _is_readable(chunk)]
    if any(_openings(chunk, first_keys) > 1 for chunk in doubtful) or 2 * len(doubtful) >= len(elements):
        return None
    return elements


def _lists(data: bytes) -> list[list[tuple[int, int]]]:
    """The lists that a document is or that lie in its object, as the bounds of their elements.

    None at all where a bracket is not closed by its own kind. Blanks before an element do not belong to it.
    """
    opened: list[bytes] = []
    outer = [b"["] if data.startswith(b"[") else [b"{", b"["]
    found: list[list[tuple[int, int]]] = []
    start = 0
    for token in _TOKEN.finditer(data):
        mark = token[0][:1]
        if mark in (b"[", b"{"):
            opened.append(mark)
            if opened == outer:
                found.append([])
                start = _after_blanks(data, token.end())
        elif opened == outer and mark in (b",", b"]"):
            found[-1].append((start, token.start()))
            start = _after_blanks(data, token.end())
        if mark in (b"]", b"}") and (not opened or opened.pop() != _OPENS[mark]):
            return []
    return [] if opened else found


def _after_blanks(data: bytes, place: int) -> int:
    found = _BLANKS.match(data, place)
    return found.end() if found else place


def _is_readable(element: bytes) -> bool:
    """Whether a reader that takes any text and any number reads one element, and so certainly no part of another."""
    try:
        json.loads(element.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _first_keys(elements: list[object]) -> set[str]:
    return {next(iter(element), "") for element in elements if isinstance(element, dict)}


def _openings(element: bytes, first_keys: set[str]) -> int:
    """How often what may be the start of an element occurs in one, inside of strings or out."""
    keys = (key[1].decode("utf-8", "replace") for key in _FIRST_KEY.finditer(element))
    return sum(key in first_keys for key in keys)
