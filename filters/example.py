"""A row in small, with the reason a filter must give it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """A prompt and answer a filter was made for; `reason` is what it must say, None where the row stays.

    `spoken` is the prompt as it will be said; None means that the text-for-speech stage is to say it.
    """

    prompt: str
    answer: str = "Here is a useful answer."
    spoken: str | None = None
    reason: str | None = None
