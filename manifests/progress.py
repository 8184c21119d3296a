"""How far whatever reads or moves many bytes has come, for whoever waits for it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told of the bytes that there are to read or to move, and of those that were."""

    def expect(self, size: int) -> None: ...

    def advance(self, size: int) -> None: ...


class _NoProgress:
    def expect(self, size: int) -> None:
        """Nobody waits."""

    def advance(self, size: int) -> None:
        """Nobody waits."""


no_progress: Progress = _NoProgress()
