"""Whisper's weights as they were released: at an address of their own, not on the Hub."""

from __future__ import annotations

from dataclasses import dataclass

import whisper


@dataclass(frozen=True)
class Release:
    """Whisper's weights of one released name. `sha256` is what they must be."""

    name: str
    url: str

    @property
    def sha256(self) -> str:
        # The address is made from it, and openai-whisper checks its downloads against it, too.
        return self.url.split("/")[-2]

    @property
    def path(self) -> str:
        """Where it lies in a folder of models."""
        return f"whisper/{self.url.rsplit('/', 1)[-1]}"


def released(name: str) -> Release | None:
    """The release that openai-whisper knows by this name, such as medium, if it knows one."""
    url = whisper._MODELS.get(name)
    return Release(name, url) if url else None
