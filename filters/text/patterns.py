"""Regular expressions that run fast over columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

_NO_TEXT = "\0"
_ASCII = {r"\w": "0-9A-Za-z_", r"\d": "0-9", r"\s": r" \t\r\n"}
_LOOKS_AROUND = re.compile(r"\(\?<?[=!]")
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\]){0,200}\]|\(\?<?[=!]|.", re.DOTALL)
_PIECE = re.compile(r"\\[pPx]\{\w+\}|\\.|\[\^?\]?|\]|.", re.DOTALL)


def any_of(*patterns: str) -> str:
    """One pattern that matches what any of `patterns` does, their \\w, \\d, \\s and \\b taken as ASCII.

    Rust's engine gives up its fastest way of matching on Unicode classes and word boundaries: the patterns for
    code ran five times as fast in this form.
    """
    return "|".join(_ascii(pattern) for pattern in patterns)


def any_literal(texts: Sequence[str]) -> str:
    """One pattern for any of some texts as they are: up to some thirty of them it finds faster than `contains_any`."""
    return "|".join(map(re.escape, texts))


def only_where(possible: pl.Expr, text: pl.Expr) -> pl.Expr:
    """The texts where `possible`, a cheap test, is true, null elsewhere, so that what is asked of them costs little.

    `pl.when(possible).then(text)` saves nothing: Polars asks about the texts under its nulls as well, and leaves the
    answers out. Here a short text lies under them.
    """
    return pl.when(possible).then(text).otherwise(pl.lit(_NO_TEXT)).replace(_NO_TEXT, None)


def contains_some(text: pl.Expr, patterns: tuple[str, ...]) -> pl.Expr:
    """Whether any of the patterns occurs; as one pattern they would be slower, each being a few literals or large."""
    return pl.any_horizontal(text.str.contains(pattern) for pattern in patterns)


def contains_where(possible: pl.Expr, text: pl.Expr, pattern: str) -> pl.Expr:
    """Whether `pattern` occurs in a text, looked for only where `possible`, a cheap test that all its matches pass."""
    return only_where(possible, text).str.contains(pattern).fill_null(False)


def lacks_where(possible: pl.Expr, text: pl.Expr, pattern: str) -> pl.Expr:
    """Whether `possible` is true and `pattern` does not occur in a text, looked for only there.

    `possible & ~contains_where(possible, …)` is the same; it works `possible` out twice, and four times where it is
    made so itself.
    """
    return ~only_where(possible, text).str.contains(pattern).fill_null(True)


def without_lookaround(pattern: str) -> str:
    """A pattern of Python's as one of Rust's engine, which cannot look around: it matches wherever the other does, and
    elsewhere."""
    pieces, depth = [], 0
    for piece in _TOKEN.findall(pattern):
        if depth or _LOOKS_AROUND.fullmatch(piece):
            depth += piece.startswith("(") - (piece == ")")
        else:
            pieces.append(piece)
    return "".join(pieces)


def _ascii(pattern: str) -> str:
    inside = False
    pieces = []
    for piece in _PIECE.findall(pattern):
        if piece in _ASCII:
            pieces.append(_ASCII[piece] if inside else f"[{_ASCII[piece]}]")
        elif piece == r"\b":
            pieces.append(r"(?-u:\b)")
        else:
            inside = piece.startswith("[") or (inside and piece != "]")
            pieces.append(piece)
    return "".join(pieces)
