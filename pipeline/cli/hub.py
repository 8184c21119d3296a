"""The commands that take a dataset to the Hub and back."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.app import DebugOption, FolderArgument, JsonOption, app, print_json, show_verification
from pipeline.cli.errors import NOT_TRUE, clear_errors

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
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Verify a finished run, then bring its dataset and manifests to the Hub: only what is not there yet."""
    with clear_errors(debug):
        from manifests.ledger import Ledger
        from manifests.verification import verify
        from pipeline.cli.progress import bytes_moved, bytes_read
        from pipeline.hub.outgoing import outgoing
        from pipeline.hub.push import Push, check_access

        check_access(name)
        console, ledger = Console(stderr=True), Ledger(folder)
        files = outgoing(ledger)
        with bytes_read("verify", console) as looked:
            found = verify(ledger, looked)
        if found.problems:
            show_verification(found, Console(stderr=True))
            raise typer.Exit(NOT_TRUE)
        with bytes_moved("push", console) as watcher:
            on_its_way = Push(ledger.storage, files, name, watcher)
            pushed = on_its_way.look() if dry_run else on_its_way.carry_out("public" if public else "private")
        if as_json:
            print_json(pushed)
            return
        out = Console(highlight=False, soft_wrap=True)
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
