"""What moving files to or from somewhere tells whoever waits for it."""

from __future__ import annotations

from typing import Protocol


class Watcher(Protocol):
    """The bytes that there are to move, and those that were."""

    def planned(self, size: int) -> None: ...

    def moved(self, size: int) -> None: ...
