"""The command that asks whether a run or a dataset is what it says."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.manifests.errors import ExitCode
from sayso.pipeline.cli.app import DebugOption, JsonOption, LogOption, QuietOption, VerboseOption, app, print_json
from sayso.pipeline.cli.console import Console
from sayso.pipeline.cli.errors import clear_errors
from sayso.pipeline.cli.reporting import Reporting, checked_reporting

if TYPE_CHECKING:
    from sayso.manifests.verify.run import Verification


@app.command(
    epilog="Examples:  sayso verify runs/demo   ·   sayso verify runs/demo/dataset   ·   "
    "sayso verify my-org/spoken-demo"
)
def verify(
    what: Annotated[
        str, typer.Argument(metavar="DIR", help="the folder of a run or of a dataset, or ORG/NAME of one on the Hub")
    ],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="keep here what comes from the Hub, and go on from it")
    ] = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    log_file: LogOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Check a run, or a published dataset by itself: bytes, counts, schema, and every row, down to its tokens."""
    with clear_errors(debug, checked_reporting(quiet, verbose, log_file)) as reporting:
        from sayso.pipeline.hub.names import NAME

        on_hub = NAME.fullmatch(what) and not Path(what).exists()
        found = _on_hub(what, to, reporting) if on_hub else _in_folder(what, reporting)
        if as_json:
            print_json(found)
        else:
            show_verification(found, Console())
        if found.problems:
            raise typer.Exit(ExitCode.NOT_TRUE)


def _in_folder(folder: str, reporting: Reporting) -> Verification:
    from sayso.pipeline import api
    from sayso.pipeline.cli.progress import bytes_read

    with bytes_read("verify", reporting) as progress:
        return api.open(folder).verify(progress)


def _on_hub(name: str, to: Path | None, reporting: Reporting) -> Verification:
    from sayso.pipeline.cli.progress import bytes_moved
    from sayso.pipeline.hub.pull import Pull
    from sayso.pipeline.submitted_job import lasting
    from sayso.stages.sources.stores import SourceError

    with nullcontext(lasting(to)) if to else TemporaryDirectory() as folder:
        with bytes_moved("pull", reporting) as progress:
            try:
                Pull(name, "main", Path(folder).resolve(), progress).carry_out_whole()
            except SourceError as error:
                raise SourceError(f"there is no folder {name} here, and on the Hub: {error}") from None
        return _in_folder(str(folder), reporting)


def show_verification(found: Verification, out: Console) -> None:
    """Each problem on a line of its own, then the sum."""
    for problem in found.problems:
        # The name of a file may hold the end of a line, and what follows would look like an answer of ours.
        line = f"{problem.where}: {problem.what}".replace("\n", "\\n")
        out.print(line, style="red", markup=False, highlight=False)
    if found.spoken_by_earlier_code:
        out.print(f"{found.spoken_by_earlier_code:,} shards were spoken by an earlier version of the code")
    if sound := found.assumed_sound:
        out.print(
            f"files.json is of an earlier version of sayso and says nothing of the tokens, taken for {sound.name} "
            f"({sound.codes} codes, {sound.tokens_per_second:g} a second)",
            markup=False,
        )
    out.print(
        f"{found.shards:,} shards, {found.files:,} files, {found.rows_accounted:,} verdicts, "
        f"{found.rows_published:,} published rows: "
        + (f"{len(found.problems)} problems" if found.problems else "all as recorded")
    )
