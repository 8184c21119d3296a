"""Errors as people should see them: one sentence, and an exit code that means something."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import typer

from sayso.manifests.errors import ExitCode, SaysoError
from sayso.pipeline.cli.old_names import show_old_names
from sayso.pipeline.cli.reporting import LOG, Reporting
from sayso.pipeline.signals import raise_on_signals

EXIT_HELP = (
    f"Exit codes: {', '.join(f'{code} {code.meaning}' for code in ExitCode)}, "
    "130 stopped with Ctrl-C, 143 by SIGTERM, 129 by SIGHUP."
)

# What Polars raises where it breaks off, which is no Exception. It is known by its name, for Polars is slow to import.
PANIC = "PanicException"


@contextmanager
def clear_errors(debug: bool, reporting: Reporting | None = None) -> Iterator[Reporting]:
    """Tell a known error as one sentence and leave with its code; with `debug` let the traceback show.

    A signal that ends the command gets a sentence, too, and the code that shells give it: 128 and its number.
    """
    with raise_on_signals() as ending, ExitStack() as to_the_end, show_old_names():
        try:
            # What cannot be opened, such as the log file, is an error like any other, told on the terminal.
            to_the_end.enter_context(Reporting())
            yield to_the_end.enter_context(reporting or Reporting())
        except KeyboardInterrupt:
            LOG.warning("what was finished is safe, the same command goes on", extra={"kind": "stopped"})
            sys.exit(128 + ending.number)
        except (typer.Exit, typer.Abort, typer.BadParameter):
            # The command has said all that there is to say, or typer does.
            raise
        except BaseException as error:  # whatever it is, a command ends with a sentence and an exit code
            if not isinstance(error, Exception) and type(error).__name__ != PANIC:
                raise
            # What the system refuses wherever it is asked: a folder in a file's place, no permission, no room.
            known = isinstance(error, SaysoError | OSError)
            LOG.error(_sentence(error), exc_info=debug or not known)
            raise typer.Exit(error.exit_code if isinstance(error, SaysoError) else ExitCode.FAILED) from None


def _sentence(error: BaseException) -> str:
    """What an error says. One of the system's names the file, if it has one, and what the system says."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}; check the name and its permissions"
    return str(error)
