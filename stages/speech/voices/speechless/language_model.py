"""What a Speechless voice asks of a language model, wherever it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class LanguageModel(Protocol):
    """A model that goes on with prompts. What it says behind one depends on that prompt and seed alone."""

    def complete(self, prompts: Sequence[str], seeds: Sequence[int]) -> Sequence[list[str] | Exception]:
        """The names of the tokens that come behind each prompt, up to the end of the sound, or the row's own error.

        Raises SpeechModelError where the model is gone, which is no fault of a row.
        """
        ...

    def has_code(self, code: int) -> bool | None:
        """Whether it has a sound token for a code; None where that cannot be known."""
        ...
