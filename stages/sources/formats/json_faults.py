"""Where a JSON document is broken: the errors that name the file, the line and the column."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import orjson

from sayso.stages.sources.files import BLOCK, File, open_bytes
from sayso.stages.sources.formats.json_values import hint
from sayso.stages.sources.stores import UnreadableFile

_MEND = "repair that line, or keep one row a line in a .jsonl file, where a broken line costs one row"


def fault_in(file: File, data: bytes, place: Callable[[int], int]) -> UnreadableFile | None:
    """The error of a part of a document that should be one JSON value; None where it is.

    `place`: where in the file a byte of the part lies.
    """
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as undecodable:
            # The parser checks the encoding first and reports that fault at the start.
            return UnreadableFile(f"{file.path}: not UTF-8 at {_line(file, place(undecodable.start))}; {_MEND}")
        return not_json(file, place(len(text[: error.pos].encode())), f"{error.msg}{hint(data, error)}")
    return None


def not_json(file: File, offset: int, said: str) -> UnreadableFile:
    """The error for a document that is broken at a byte."""
    return UnreadableFile(f"{file.path}: not JSON at {_line(file, offset)} ({said}); {_MEND}")


def cut_off(file: File) -> UnreadableFile:
    """The error for a document that ends before all is closed."""
    with open_bytes(file) as stream:
        size = sum(len(block) for block in iter(lambda: stream.read(BLOCK), b""))
    return not_json(file, size, "the file is cut off there, or a bracket or a quote is missing before")


def _line(file: File, offset: int) -> str:
    """Line and column, counted in characters, of a byte."""
    line = column = 1
    with open_bytes(file) as stream:
        while offset > 0 and (block := stream.read(min(BLOCK, offset))):
            offset -= len(block)
            *ended, last = block.rsplit(b"\n", 1)
            if ended:
                line, column = line + block.count(b"\n"), 1
            # Not the bytes that go on with a character.
            column += int(np.count_nonzero(np.frombuffer(last, np.int8) >= -64))
    return f"line {line}, column {column}"
