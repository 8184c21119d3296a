"""Errors as people should see them: one sentence, and an exit code that means something."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.markup import escape

from sayso.pipeline.cli.console import Console
from sayso.pipeline.cli.old_names import old_names_shown
from sayso.pipeline.signals import stopping

FAILED, WRONG_USE, BAD_RECIPE, BAD_SOURCE, NOT_FOUND, NOT_TRUE = 1, 2, 3, 4, 5, 6

EXIT_HELP = (
    "Exit codes: 0 all is well, 1 the run failed, 2 wrong use of the command, 3 a wrong recipe, "
    "4 a source, a model or the Hub that cannot be had, 5 no such run or row, "
    "6 a dataset that is not as its records say, 130 stopped with Ctrl-C, 143 by SIGTERM, 129 by SIGHUP."
)


@contextmanager
def clear_errors(debug: bool) -> Iterator[None]:
    """Print a known error as one sentence and leave with its code; with `debug` let the traceback show.

    A signal that ends the command gets a sentence, too, and the code that shells give it: 128 and its number.
    """
    with stopping() as ending, old_names_shown():
        try:
            yield
        except KeyboardInterrupt:
            Console(stderr=True).print("stopped; what was finished is safe, the same command goes on")
            sys.exit(128 + ending.number)
        except (typer.Exit, typer.Abort, typer.BadParameter):
            # The command has said all that there is to say, or typer does.
            raise
        except Exception as error:
            code = _exit_code(error)
            console = Console(stderr=True, highlight=False, soft_wrap=True)
            if debug or code is None:
                console.print(traceback.format_exc(), markup=False)
            else:
                console.print(f"[bold red]error[/]: {escape(_said(error))}")
            raise typer.Exit(FAILED if code is None else code) from None


def _said(error: Exception) -> str:
    """The sentence of an error. One of the system's names the file, if it has one, and what the system says."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}; check the name and its permissions"
    return str(error)


def _exit_code(error: Exception) -> int | None:
    """The exit code of an error that people can do something about, None for one that is a fault of ours."""
    # Here, not above: these bring Ray and the models with them, and `--help` should not wait for that.
    from sayso.manifests.dataset.file_list import NotPublished
    from sayso.manifests.lease import FolderInUse, LeaseLost
    from sayso.manifests.reading import DamagedShard
    from sayso.manifests.reports.explanation import UnknownRow
    from sayso.manifests.run_folder import ForeignFolder
    from sayso.manifests.run_plan import NotARun, OtherVersion
    from sayso.manifests.storage import StorageError
    from sayso.manifests.verdicts import UnaccountedRows
    from sayso.pipeline.engine.engine import JobFailed, NoCluster
    from sayso.pipeline.hub.choice import NoSuchPart
    from sayso.pipeline.hub.names import NotAName
    from sayso.pipeline.hub.pull import DamagedFile
    from sayso.pipeline.hub.pulled_folder import PullError
    from sayso.pipeline.hub.push import PushError
    from sayso.pipeline.hub.uploads import TooManyFiles
    from sayso.pipeline.recipe import RecipeError
    from sayso.pipeline.run import OtherRun
    from sayso.stages.sources.files import SourceError
    from sayso.stages.speech.protocols import SpeechModelError

    codes: dict[type[Exception], int] = {
        RecipeError: BAD_RECIPE,
        SourceError: BAD_SOURCE,
        SpeechModelError: BAD_SOURCE,
        NotAName: WRONG_USE,
        NoSuchPart: WRONG_USE,
        PushError: BAD_SOURCE,
        PullError: BAD_SOURCE,
        DamagedFile: NOT_TRUE,
        TooManyFiles: FAILED,
        NotPublished: NOT_FOUND,
        NotARun: NOT_FOUND,
        OtherVersion: FAILED,
        DamagedShard: NOT_TRUE,
        UnknownRow: NOT_FOUND,
        StorageError: FAILED,
        JobFailed: FAILED,
        NoCluster: FAILED,
        FolderInUse: FAILED,
        LeaseLost: FAILED,
        OtherRun: FAILED,
        ForeignFolder: FAILED,
        UnaccountedRows: FAILED,
        # What the system refuses wherever it is asked: a folder in a file's place, no permission, no room.
        OSError: FAILED,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)
