"""A JSON document that holds rows: an array of objects, or an object with one such list inside."""

from __future__ import annotations

import orjson

from stages.files import UTF8_MARK
from stages.stores import UnreadableFile


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


def load_rows(path: str, data: bytes) -> list[object]:
    """The elements of the document's list as found; a broken one is Broken where its bounds are certain.

    Raises UnreadableFile naming the file, line and column where the document is broken beyond that, and where it
    holds no list of rows or more than one.
    """
    data = data.removeprefix(UTF8_MARK)
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        rows = _recover(data.strip())
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


def _recover(data: bytes) -> list[object] | None:
    """The elements of an array in which some are broken, or None where their bounds are not certain.

    A JSON string holds no raw line break, so in a file that starts each element on a line of its own, at one
    indentation, a broken element cannot hide where the next one begins. The bounds count as certain when the
    array is closed, each broken element has the shape of the first (one line, or one closing line at the same
    indentation), and most elements parse.
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
    return elements if 2 * len(broken) < len(elements) else None
