"""One JSON value from bytes, or why there is none, in words that say what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping

import orjson

from sayso.stages.sources.schemas.columns.inner_fields import is_read_inside

# What Python writes where a number is none.
_NO_NUMBERS = (b"NaN", b"Infinity")
_LAST_COMMA = re.compile(r",\s*+[}\]]")
_PYTHON_DICT = re.compile(rb"\s*+[{\[]\s*+'")


class Broken:
    """Stands in the place of a value that could not be parsed, with the parser's words."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail


class Undecodable(dict[str, str]):
    """Stands in a row for a value whose text has no encoding: it is no text, and it does not say nothing."""

    def __init__(self) -> None:
        super().__init__(undecodable="yes")


class PartlyBroken(dict[str, object]):
    """A row with fields (`broken`) whose text has no encoding, which matters to who reads them."""

    def __init__(self, fields: Mapping[str, object], broken: Collection[str], fault: Broken) -> None:
        super().__init__(fields)
        self.update((name, Undecodable()) for name in broken)
        self._broken, self._fault = broken, fault

    def read_by(self, columns: Collection[str]) -> PartlyBroken | Broken:
        """The row, or its fault where one of these columns is broken."""
        return self if set(self._broken).isdisjoint(columns) else self._fault


def parse(data: bytes) -> object:
    """One JSON value, or Broken (`invalid_utf8` or `invalid_json`) where the bytes hold none.

    NaN and Infinity, which are no JSON and which many a program writes where there is no number, are null. An object
    that is broken only in text that has no encoding is PartlyBroken.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as undecodable:
            return _partly_broken(data, Broken("invalid_utf8", str(undecodable)))
        if any(word in data for word in _NO_NUMBERS):
            value = _without_numbers(text)
            if value is not None:
                return value
        fault = Broken("invalid_json", f"{error}{hint(data, error)}")
        # Half of a surrogate pair can only be written so.
        return _partly_broken(data, fault) if b"\\u" in data else fault


def _partly_broken(data: bytes, fault: Broken) -> object:
    """An object without what is broken in it and not read, or the fault where it is none, or broken otherwise."""
    try:
        value = json.loads(data.decode("utf-8", "surrogateescape"), parse_constant=lambda _: None)
        if not isinstance(value, dict):
            return fault
        row = {name.encode("utf-8", "replace").decode(): _without_unread(inner, ()) for name, inner in value.items()}
    except (ValueError, RecursionError):
        return fault
    broken = [name for name, inner in row.items() if not _is_sound(inner)]
    if fault.reason == "invalid_utf8":
        fault = Broken(fault.reason, f"bytes that are not UTF-8 in {', '.join(broken)}")
    return PartlyBroken(row, broken, fault) if broken else row


def _without_unread(value: object, fields: tuple[str, ...]) -> object:
    """A value without the broken texts in it that nobody reads; `fields` lead to it inside its column."""
    if _is_sound(value):
        return value
    if isinstance(value, list):
        return [_without_unread(each, fields) for each in value]
    if not isinstance(value, dict):
        return value if not fields or is_read_inside(fields) else None
    return {name: _without_unread(inner, (*fields, name)) for name, inner in value.items() if _is_sound(name)}


def _is_sound(value: object) -> bool:
    """Whether all of a value can be written."""
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


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
