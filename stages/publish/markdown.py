"""Text from recipes, sources and filters in a page of Markdown: it reads as it was written, and marks nothing up."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
_OPENING = re.compile(r"^(?:[-+=#]|\d+(?=[.)](?:\s|$)))")
# Addresses that many renderers make links of, wherever they stand; a comment in them ends that and is not seen.
_ADDRESS = re.compile(r"(?i):(?=//)|\bwww(?=\.)|@|(?:mailto|xmpp):")
_BREAK = "<!-- -->"


def as_text(text: str) -> str:
    """A text as one line that Markdown and HTML show as it is, also in a heading, a list or a table."""
    line = "".join(character if character.isprintable() else " " for character in text)
    line = _MARKS.sub(r"\\\g<0>", " ".join(line.split()))
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _OPENING.sub(_not_opening, line)
    return _ADDRESS.sub(lambda found: found[0] + _BREAK, line)


def _not_opening(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"
