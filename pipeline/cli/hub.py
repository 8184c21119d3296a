"""The commands that take a dataset to the Hub and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.manifests.errors import ExitCode
from sayso.pipeline.cli.app import (
    DebugOption,
    FolderArgument,
    JsonOption,
    LogOption,
    QuietOption,
    VerboseOption,
    app,
    print_json,
)
from sayso.pipeline.cli.console import Console
from sayso.pipeline.cli.errors import clear_errors
from sayso.pipeline.cli.reporting import checked_reporting
from sayso.pipeline.cli.verify import show_verification

NameArgument = Annotated[str, typer.Argument(metavar="ORG/NAME", help="a dataset on the Hub")]


@app.command(
    epilog="Examples:  sayso push runs/demo my-org/spoken-demo --dry-run   ·   "
    "sayso push runs/demo my-org/spoken-demo --public"
)
def push(
    folder: FolderArgument,
    name: NameArgument,
    public: Annotated[bool, typer.Option("--public", help="make a new repository for everybody to see")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="list what would be sent, and send nothing")] = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    log_file: LogOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Verify a finished run, then bring its dataset and manifests to the Hub: only what is not there yet."""
    with clear_errors(debug, checked_reporting(quiet, verbose, log_file)) as reporting:
        from sayso.manifests.ledger import Ledger
        from sayso.manifests.verify.run import verify
        from sayso.pipeline.cli.progress import bytes_moved, bytes_read
        from sayso.pipeline.hub.push import Push, check_access
        from sayso.pipeline.hub.uploads import uploads_of

        check_access(name)
        ledger = Ledger(folder)
        files = uploads_of(ledger)
        with bytes_read("verify", reporting) as reading:
            found = verify(ledger, reading)
        if found.problems:
            show_verification(found, reporting.console)
            raise typer.Exit(ExitCode.NOT_TRUE)
        with bytes_moved("push", reporting) as progress:
            on_its_way = Push(ledger.storage, files, name, progress)
            pushed = on_its_way.dry_run() if dry_run else on_its_way.carry_out("public" if public else "private")
        if as_json:
            print_json(pushed)
            return
        out = Console(highlight=False, soft_wrap=True, markup=False)
        if dry_run:
            for path in pushed.sent:
                out.print(f"send    {path}", markup=False)
            for path in pushed.removed:
                out.print(f"remove  {path}", markup=False)
        sizes = f"{len(pushed.sent):,} files ({pushed.bytes_sent:,} bytes)"
        if not pushed.sent and not pushed.removed:
            out.print(f"nothing to do: {pushed.address} has all {pushed.unchanged:,} files as they are here")
        elif dry_run:
            out.print(
                f"would send {sizes}, remove {len(pushed.removed):,}, {pushed.unchanged:,} are there: {pushed.address}"
            )
        else:
            out.print(
                f"sent {sizes}, removed {len(pushed.removed):,}, {pushed.unchanged:,} were there: {pushed.address}"
            )
            out.print(f"commit {pushed.commit}")


@app.command(
    epilog="Examples:  sayso pull my-org/spoken-demo --to spoken-demo   ·   "
    "sayso pull my-org/spoken-demo --to part --split train --rows 0:1000"
)
def pull(
    name: NameArgument,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="a folder; what is there and right is not fetched")],
    config: Annotated[str | None, typer.Option(metavar="CONFIG", help="one config; all when not given")] = None,
    split: Annotated[str | None, typer.Option(metavar="SPLIT", help="one split; all when not given")] = None,
    rows: Annotated[
        str | None, typer.Option(metavar="A:B", help="the shards that hold rows A to B-1 of a split, from 0")
    ] = None,
    revision: Annotated[str, typer.Option(metavar="REVISION", help="a branch, tag or commit")] = "main",
    manifests: Annotated[bool, typer.Option("--manifests", help="fetch the plan, records and verdicts, too")] = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    log_file: LogOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Fetch a published dataset, or the shards of a part of it, each checked against the dataset's list of files."""
    with clear_errors(debug, checked_reporting(quiet, verbose, log_file)) as reporting:
        from sayso.pipeline.cli.progress import bytes_moved
        from sayso.pipeline.hub.choice import Choice, row_range
        from sayso.pipeline.hub.pull import Pull
        from sayso.pipeline.submitted_job import lasting

        choice = Choice(config, split, row_range(rows) if rows is not None else None)
        with bytes_moved("pull", reporting) as progress:
            on_its_way = Pull(name, revision, lasting(to).resolve(), progress)
            pulled = on_its_way.carry_out(choice)
            if manifests:
                pulled = on_its_way.with_manifests(pulled)
        if as_json:
            print_json(pulled)
            return
        Console(highlight=False, soft_wrap=True, markup=False).print(
            f"fetched {len(pulled.fetched):,} files ({pulled.bytes_fetched:,} bytes), {len(pulled.there):,} were "
            f"there: {pulled.folder} has {name} at {pulled.commit[:12]}"
        )
