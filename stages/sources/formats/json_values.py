"""One JSON value from bytes, or why there is none, in words that say what to do."""

from __future__ import annotations

import json
import re

import orjson

# What Python writes where a number is none.
_NO_NUMBERS = (b"NaN", b"Infinity")
_LAST_COMMA = re.compile(r",\s*+[}\]]")
_PYTHON_DICT = re.compile(rb"\s*+[{\[]\s*+'")


class Broken:
    """Stands in the place of a value that could not be parsed, with the parser's words."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail


def parse(data: bytes) -> object:
    """One JSON value, or Broken (`invalid_utf8` or `invalid_json`) where the bytes hold none.

    NaN and Infinity, which are no JSON and which many a program writes where there is no number, are null.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as undecodable:
            return Broken("invalid_utf8", str(undecodable))
        if any(word in data for word in _NO_NUMBERS):
            value = _without_numbers(text)
            if value is not None:
                return value
        return Broken("invalid_json", f"{error}{hint(data, error)}")


def _without_numbers(text: str) -> object:
    """The value of a text in which NaN and Infinity are null; None where it is no JSON but for these."""
    try:
        value = json.loads(text, parse_constant=lambda _: None)
        orjson.dumps(value)
    except (ValueError, TypeError, RecursionError):
        # Also where the value holds text that no encoding has, or more levels than can be written.
        return None
    return value


def hint(data: bytes, error: orjson.JSONDecodeError) -> str:
    """What a fault of a kind that is often met comes from, and what to do; empty for others."""
    if _PYTHON_DICT.match(data):
        return "; this is how Python shows a dict, with single quotes: write the rows with json.dumps"
    text = data.decode("utf-8", "replace")
    if _LAST_COMMA.match(text, error.pos) or _LAST_COMMA.match(text, text.rfind(",", 0, error.pos)):
        return "; a comma stands before the closing bracket: take it out"
    if text[error.pos :].strip() == ",":
        return "; a comma follows the row: take it out, or write the file as one array in brackets"
    return ""


def is_readable(data: bytes) -> bool:
    """Whether a reader that takes any text and any number reads one value, and so certainly no part of another."""
    try:
        json.loads(data.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return False
    return True
