"""The commands of sayso."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from sayso.manifests.errors import ExitCode
from sayso.pipeline.cli.console import Console, to_json
from sayso.pipeline.cli.errors import EXIT_HELP, clear_errors
from sayso.pipeline.cli.reporting import checked_reporting
from sayso.pipeline.stage_names import PUBLISH, SPEECH, STAGE_NAMES

if TYPE_CHECKING:
    from sayso.pipeline.api import StoredRun
    from sayso.pipeline.cost import Cost

app = typer.Typer(
    name="sayso",
    epilog=EXIT_HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
StageChoice = Enum("StageChoice", {name: name for name in STAGE_NAMES}, type=str)  # type: ignore[misc]

RecipeArgument = Annotated[str, typer.Argument(metavar="RECIPE", help="a YAML file, or a bundled name such as demo")]
FolderArgument = Annotated[str, typer.Argument(metavar="DIR", help="the folder of a run")]
JsonOption = Annotated[bool, typer.Option("--json", help="print JSON for a program to read")]
WHICH_ROW = (
    "its id or how that begins (six digits or more), its position such as facts.jsonl:17, or a piece of its prompt"
)
ModelsOption = Annotated[
    Path | None,
    typer.Option("--models", metavar="DIR", envvar="SAYSO_MODELS", help="look for models here first: see models fetch"),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="tell warnings and errors only, beside the answer")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="tell more: each shard with its seconds")]
LogOption = Annotated[
    Path | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="add all that is told to this file; keep it outside of the run's folder",
    ),
]
DebugOption = Annotated[bool, typer.Option("--debug", help="show the traceback of an error")]


def _show_version(asked: bool) -> None:
    if asked:
        import sayso

        Console().print(f"sayso {sayso.__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="tell the version, and leave")
    ] = False,
) -> None:
    """Turn text-instruction datasets into spoken ones: screen, say, encode as sound tokens, check, publish."""


def print_json(answer: object) -> None:
    """Print a model, or a list of them, for a program to read."""
    typer.echo(to_json(answer))


@app.command(
    epilog="Examples:  sayso run demo --to runs/demo   ·   sayso run mine.yaml --to runs/mine --until screen   ·   "
    "sayso run mine.yaml --to runs/mine -q --log-file mine.log"
)
def run(
    recipe: RecipeArgument,
    to: Annotated[str, typer.Option("--to", metavar="DIR", help="where the run is kept; the same folder goes on")],
    until: Annotated[StageChoice, typer.Option(help="the last stage to do")] = StageChoice.publish,  # type: ignore[attr-defined]
    limit: Annotated[int | None, typer.Option(min=1, help="take at most the first N rows of each source")] = None,
    address: Annotated[
        str | None, typer.Option(envvar="RAY_ADDRESS", help="a Ray cluster to work on; one of its own when not given")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="processes at work at most, in text and in speech")] = None,
    batch: Annotated[int | None, typer.Option(min=1, help="rows per model call, instead of the recipe's")] = None,
    models: ModelsOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what there is to do, what of it again and why, and do nothing")
    ] = False,
    keep_speech: Annotated[
        bool, typer.Option("--keep-speech", help="speak nothing again for which only the code has changed")
    ] = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    log_file: LogOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Do what a recipe says, or go on where an earlier run into the same folder stopped."""
    with clear_errors(debug, checked_reporting(quiet, verbose, log_file)) as reporting:
        from sayso.pipeline import api
        from sayso.pipeline.cli.progress import RunBars
        from sayso.pipeline.cli.tables import funnel_table
        from sayso.pipeline.recipe import load_recipe
        from sayso.stages.speech.weights.folder import look_in

        if models is not None:
            look_in(models)
        loaded = load_recipe(recipe).with_resources(workers=workers, batch=batch)
        if limit is not None:
            loaded = loaded.with_limit(limit)
        if dry_run:
            with RunBars(reporting) as bars:
                cost = api.cost(loaded, to=to, until=until.value, keep_speech=keep_speech, on_progress=bars)
            _show_cost(cost, as_json)
            return
        with RunBars(reporting) as bars:
            done = api.run(loaded, to=to, until=until.value, address=address, keep_speech=keep_speech, on_progress=bars)
        if as_json:
            print_json(done.funnel())
            return
        out = Console()
        out.print(funnel_table(done.funnel()))
        if until.value == PUBLISH:
            _show_published(done, out)


def _show_cost(cost: Cost, as_json: bool) -> None:
    from sayso.pipeline.cli.tables import cost_table

    if as_json:
        print_json(cost)
        return
    Console().print(cost_table(cost))


def _show_published(run: StoredRun, out: Console) -> None:
    """Three rows of the dataset that are said, evenly spread, and how to open it."""
    from sayso.pipeline.cli.tables import three_rows
    from sayso.stages.publish.publish import spoken_samples

    shown = spoken_samples(run.ledger, 3)
    if not shown:
        out.print("no row was published: the funnel above says why, `sayso explain` why one of them", style="yellow")
        return
    out.print("")
    three_rows(shown, out)
    out.print(f"dataset: {run.storage.path('dataset')}", soft_wrap=True, highlight=False, markup=False)
    out.print(
        f'open it: python -c "import datasets; print(datasets.load_dataset({run.storage.path("dataset")!r}))"',
        soft_wrap=True,
        highlight=False,
        markup=False,
    )


@app.command(epilog="Example:  sayso status runs/demo --json")
def status(folder: FolderArgument, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """How far a run has come."""
    with clear_errors(debug):
        from sayso.pipeline import api
        from sayso.pipeline.cli.tables import earlier_code, kept_attempts, status_table

        found = api.open(folder).status()
        if as_json:
            print_json(found)
            return
        out = Console()
        out.print(status_table(found))
        for stage in found.stages:
            if stage.stage == SPEECH and stage.earlier_code:
                out.print(earlier_code(stage.earlier_code, stage.shards))
        for line in kept_attempts(found):
            out.print(line, highlight=False)
        out.print("published" if found.published else "not published yet; the same `sayso run` goes on")


@app.command(epilog="Examples:  sayso funnel runs/demo   ·   sayso funnel runs/demo --svg funnel.svg")
def funnel(
    folder: FolderArgument,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="write the funnel as a picture, too")] = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """How many rows each stage kept, and why the others fell out."""
    with clear_errors(debug):
        from sayso.manifests.reports.funnel_chart import funnel_svg
        from sayso.pipeline import api
        from sayso.pipeline.cli.tables import SourceTable, funnel_table
        from sayso.pipeline.submitted_job import lasting

        run = api.open(folder)
        flows = run.funnel()
        if svg is not None:
            lasting(svg).write_text(funnel_svg(flows, run.status().name), encoding="utf-8")
        if as_json:
            print_json(flows)
            return
        out = Console()
        out.print(funnel_table(flows), "", SourceTable(flows))


@app.command(
    epilog="Examples:  sayso explain runs/demo facts.jsonl:17   ·   sayso explain runs/demo 3f9c2a --json   ·   "
    "sayso explain runs/demo 'lake and a pond'"
)
def explain(
    folder: FolderArgument,
    row: Annotated[str, typer.Argument(metavar="ROW", help=WHICH_ROW)],
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """The way of one row through a run: every verdict, what was measured, and the thresholds beside it."""
    with clear_errors(debug):
        from sayso.pipeline import api
        from sayso.pipeline.cli.tables import explanation_panel

        found = api.open(folder).explain(row)
        if as_json:
            print_json(found)
            return
        Console().print(explanation_panel(found))


@app.command(epilog="Examples:  sayso doctor   ·   sayso doctor mine.yaml")
def doctor(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="look at what this recipe needs, too")] = "demo",
    models: ModelsOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """What is installed, which voices and models can be loaded, what is missing and how to get it."""
    with clear_errors(debug) as reporting:
        from sayso.manifests.plugins import PluginError
        from sayso.pipeline.cli.progress import file_looked_at
        from sayso.pipeline.doctor import Finding, examine, examine_installation, free_space
        from sayso.pipeline.recipe import load_recipe
        from sayso.stages.speech.weights.folder import look_in

        if models is not None:
            look_in(models)
        findings = [*examine_installation()]
        try:
            loaded = load_recipe(recipe)
            with file_looked_at(reporting) as look:
                findings += examine(loaded, loaded.folder, look)
        except PluginError as error:
            findings.append(Finding(subject=f"recipe {recipe}", good=False, found=str(error)))
        findings.append(free_space(Path.cwd()))
        if as_json:
            print_json(findings)
        else:
            out = Console()
            for finding in findings:
                mark = "[green]ok[/]     " if finding.good else "[red]missing[/]"
                out.print(mark, escape(finding.subject), end=": ", markup=True, highlight=False)
                out.print(finding.found, markup=False, highlight=False, soft_wrap=True)
        if not all(finding.good for finding in findings):
            raise typer.Exit(ExitCode.BAD_SOURCE)


os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
