"""What texts begin and end with, told by comparing them, so that few need a closer look.

Texts are compared by their first bytes, which lie beside their lengths; a pattern goes to each text where it lies, and
costs ten times as much or more.
"""

from __future__ import annotations

import polars as pl

NON_BLANK = r"\S"
# Before the first no character is anything but a blank or a control; all other blanks lie from the second up to, and
# without, the third.
_VISIBLE, _ODD, _VISIBLE_AGAIN = map(pl.lit, ("!", "\x7f", "\u3001"))
_TEXT = pl.col("text")


def is_not_blank(column: str) -> pl.Expr:
    """Whether a column of texts says something in each row; null says nothing."""
    text = pl.col(column)
    unsure = _may_begin_blank(text)
    return (~unsure | pl.when(unsure).then(text).str.contains(NON_BLANK)).fill_null(False)


def may_begin_with(texts: pl.Series, characters: str) -> pl.Series:
    """Which texts begin with one of some ASCII characters, or with what may be a blank before one."""
    found = _may_begin_blank(_TEXT)
    for character in characters:
        found |= _TEXT.is_between(pl.lit(character), pl.lit(chr(ord(character) + 1)), closed="left")
    return _which(texts, found)


def may_end_with(texts: pl.Series, character: str) -> pl.Series:
    """Which texts end with a character, or with what may be a blank behind one."""
    last = _TEXT.str.tail(1)
    return _which(texts, _may_begin_blank(last) | (last == pl.lit(character)))


def _may_begin_blank(text: pl.Expr) -> pl.Expr:
    """False where a text begins with what is certainly seen."""
    return (text < _VISIBLE) | text.is_between(_ODD, _VISIBLE_AGAIN, closed="left")


def _which(texts: pl.Series, found: pl.Expr) -> pl.Series:
    return texts.to_frame("text").select(found.fill_null(False)).to_series()
