"""The errors that people meet, and the exit code that each ends a command with.

An error is defined beside what raises it; here is what they have in common. Its text is a sentence that names the file,
the key or the row and says what to do, so whoever catches `SaysoError` can show it as it is.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar, Self


class ExitCode(IntEnum):
    """What a command ends with, and what that means. One that a signal ends has 128 and the signal's number."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Self:
        member = int.__new__(cls, code)
        member._value_, member.meaning = code, meaning
        return member

    WELL = 0, "all is well"
    FAILED = 1, "the run failed"
    WRONG_USE = 2, "wrong use of the command"
    BAD_RECIPE = 3, "a wrong recipe"
    BAD_SOURCE = 4, "a source, a model or the Hub that cannot be had"
    NOT_FOUND = 5, "no such run or row"
    NOT_TRUE = 6, "a dataset that is not as its records say"


class SaysoError(Exception):
    """Raised for all that people can do something about; what is raised beside it is a fault of sayso."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED


def in_one_line(error: object) -> str:
    """What an error of a library says, on one line, for some have many; its kind where it says nothing."""
    return " ".join(str(error).split()) or type(error).__name__


class ToldInALine(RuntimeWarning):
    """A warning for whoever gave a command, which shows it as a line of its own."""
