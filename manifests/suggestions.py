"""What somebody may have meant who wrote a name that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(name: object, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the known one that is closest to it, or else all of them."""
    names = {each.lower(): each for each in known}
    if close := get_close_matches(str(name).lower(), names, n=1):
        return f"; did you mean {names[close[0]]!r}?"
    return f"; known here: {', '.join(names.values())}" if names else ""
