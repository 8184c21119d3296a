"""Names of columns, as people vary them: with capitals, blanks, underscores and hyphens."""

from __future__ import annotations

_VARIED = str.maketrans("", "", " \t\r\n_-")


def plain_name(name: str) -> str:
    """A name as all its variants have it: "System Prompt" and "system-prompt" are one."""
    return name.translate(_VARIED).lower()
