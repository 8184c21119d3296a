"""How texts begin: what leaves nearly all of them out before a pattern is asked, at a tenth of its cost."""

from __future__ import annotations

import polars as pl

_FIRST_VISIBLE = "!"


def begin_with(texts: pl.Series, characters: str) -> pl.Series:
    """Which texts begin with one of some ASCII characters, or with a blank: told by the order of whole texts."""
    found = texts < _FIRST_VISIBLE
    for character in characters:
        found |= (texts >= character) & (texts < chr(ord(character) + 1))
    return found.fill_null(False)
