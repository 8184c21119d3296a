"""What a command tells on its way: on the terminal as much as is asked for, and all of it in a log file."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from pathlib import Path

import typer
from rich.markup import escape

from sayso.pipeline.cli.console import Console, visible
from sayso.pipeline.submitted_job import lasting

LOG = logging.getLogger("sayso.cli")
LOG.propagate = False
LOG.setLevel(logging.DEBUG)


class Reporting:
    """While its block lasts, what is told to `LOG` goes where the command's options say.

    By default a terminal shows bars, warnings and errors; what is no terminal gets a line for each stage in place of
    the bars. Quiet: warnings and errors only. Verbose: a line for each shard, too. The answer of a command is no part
    of this.
    """

    def __init__(self, quiet: bool = False, verbose: bool = False, log_file: Path | None = None) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.has_bars = self.console.is_terminal and not quiet
        self._handlers: list[logging.Handler] = []
        self._log_file = log_file
        # Bars say what the lines for each stage would.
        usual = logging.WARNING if quiet or self.has_bars else logging.INFO
        self._level = logging.DEBUG if verbose else usual

    def __enter__(self) -> Reporting:
        """Raises OSError where the log file cannot be opened, PassingPlace where it would not last."""
        self._handlers = [_Terminal(self.console, self._level)]
        LOG.handlers = list(self._handlers)
        if self._log_file is not None:
            file = _LogFile(lasting(self._log_file))
            self._handlers.append(file)
            LOG.addHandler(file)
        return self

    def __exit__(self, *_: object) -> None:
        for handler in self._handlers:
            LOG.removeHandler(handler)
            handler.close()


def checked_reporting(quiet: bool, verbose: bool, log_file: Path | None) -> Reporting:
    """What the options of a command ask for. Raises BadParameter for two that go against each other."""
    if quiet and verbose:
        raise typer.BadParameter("--quiet and --verbose go against each other; give one of them")
    return Reporting(quiet, verbose, log_file)


def _kind(record: logging.LogRecord) -> str:
    """What stands before a message: the kind of warning that it was told as, or its level."""
    kind: str = getattr(record, "kind", record.levelname.lower())
    return kind


class _Terminal(logging.Handler):
    def __init__(self, console: Console, level: int) -> None:
        super().__init__(level)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        message = escape(record.getMessage())
        if record.exc_info:
            message = escape(logging.Formatter().formatException(record.exc_info))
        elif record.levelno >= logging.ERROR:
            message = f"[bold red]{_kind(record)}[/]: {message}"
        elif record.levelno >= logging.WARNING:
            message = f"[yellow]{_kind(record)}[/]: {message}"
        self._console.print(message, soft_wrap=True)


class _LogFile(logging.FileHandler):
    """Adds to a file; where that fails, as on a full disk, it says so once and the command goes on."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8")
        self.setFormatter(_Lines())

    def handleError(self, record: logging.LogRecord) -> None:
        LOG.removeHandler(self)
        LOG.warning(f"{self.baseFilename} cannot be written any more; what is told from here on is not in it")

    def close(self) -> None:
        # What could not be written is there still, and cannot be now.
        with suppress(OSError):
            super().close()


class _Lines(logging.Formatter):
    """A line a fact: when in UTC, what kind, and what was told, in which nothing steers a terminal."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record)} {_kind(record)}"
        lines = [f"{head} {line}" for line in record.getMessage().split("\n")]
        if record.exc_info:
            lines += [f"  {line}" for line in self.formatException(record.exc_info).split("\n")]
        return visible("\n".join(lines))
