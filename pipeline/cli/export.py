"""The command that brings a dataset into the formats that people train from."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from sayso.pipeline.cli.app import DebugOption, JsonOption, LogOption, QuietOption, VerboseOption, app, print_json
from sayso.pipeline.cli.console import Console
from sayso.pipeline.cli.errors import clear_errors
from sayso.pipeline.cli.reporting import checked_reporting
from sayso.pipeline.export.format_names import FORMAT_NAMES

FormatChoice = Enum("FormatChoice", {name: name for name in FORMAT_NAMES}, type=str)  # type: ignore[misc]


@app.command(
    epilog="Examples:  sayso export runs/demo --as conversations --to demo-chats   ·   "
    "sayso export runs/mine --as lhotse --to mine-shar   ·   "
    "sayso export spoken-demo --as webdataset --to demo-shards --split train"
)
def export(
    dataset: Annotated[
        str,
        typer.Argument(metavar="DATASET", help="the folder of a finished run, of its dataset, or of a pull"),
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="a folder; what is there and right is not made again")
    ],
    format_name: Annotated[
        FormatChoice,
        typer.Option(
            "--as", metavar="FORMAT", help=f"{', '.join(FORMAT_NAMES)}; all but the first are made of recordings"
        ),
    ],
    config: Annotated[str, typer.Option(metavar="CONFIG", help="the config that is exported")] = "default",
    split: Annotated[str | None, typer.Option(metavar="SPLIT", help="one split; all when not given")] = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    log_file: LogOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Write a dataset as trainers read it: conversations as JSON lines, or audio shards of lhotse, NeMo, WebDataset."""
    with clear_errors(debug, checked_reporting(quiet, verbose, log_file)) as reporting:
        from sayso.pipeline.cli.progress import bytes_moved
        from sayso.pipeline.export.export import Export
        from sayso.pipeline.export.formats import FORMATS
        from sayso.pipeline.hub.choice import Choice
        from sayso.pipeline.submitted_job import lasting

        with bytes_moved("export", reporting) as progress:
            on_its_way = Export(dataset, FORMATS[format_name.value], lasting(to).resolve(), progress)
            exported = on_its_way.carry_out(Choice(config, split))
        if as_json:
            print_json(exported)
            return
        out = Console(highlight=False, soft_wrap=True, markup=False)
        out.print(
            f"{exported.rows:,} rows: wrote {len(exported.written):,} files ({exported.bytes_written:,} bytes), "
            f"{len(exported.there):,} were there: {exported.folder} has {exported.dataset} as {exported.format}"
        )
        if exported.left_out:
            kinds = ", ".join(f"{rows:,} {kind}" for kind, rows in exported.left_out.items())
            out.print(f"left out for want of audio: {kinds}")
        if exported.opened:
            out.print(f'open it: python -c "{exported.opened}"')
