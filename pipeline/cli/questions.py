"""The commands that ask a run about its rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.pipeline.cli.app import DebugOption, FolderArgument, JsonOption, app, print_json
from sayso.pipeline.cli.console import Console, to_csv
from sayso.pipeline.cli.errors import clear_errors

if TYPE_CHECKING:
    import polars as pl

# Of an answer so many rows are shown; files and programs get all.
SHOWN = 200

CsvOption = Annotated[bool, typer.Option("--csv", help="print CSV")]
ParquetOption = Annotated[Path | None, typer.Option("--parquet", metavar="FILE", help="write a Parquet file")]


@app.command(
    epilog="Examples:  sayso rows runs/demo --reason refusal   ·   sayso rows runs/demo --filter quality -n 50 --csv "
    "  ·   sayso rows runs/demo --stage synthesize --where '\"speech.wer\" > 0.1'"
)
def rows(
    folder: FolderArgument,
    reason: Annotated[str | None, typer.Option(metavar="REASON", help="those that fell out for this")] = None,
    filter_name: Annotated[str | None, typer.Option("--filter", metavar="FILTER", help="those it dropped")] = None,
    stage: Annotated[str | None, typer.Option(metavar="STAGE", help="those it decided about, kept ones too")] = None,
    source: Annotated[str | None, typer.Option(metavar="SOURCE", help="those of one source")] = None,
    where: Annotated[
        str | None, typer.Option(metavar="SQL", help="those that this is true of, over the columns of verdicts")
    ] = None,
    number: Annotated[int, typer.Option("-n", min=1, max=10_000, help="how many at most")] = 20,
    seed: Annotated[int, typer.Option(metavar="N", help="another one draws other rows")] = 0,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    parquet: ParquetOption = None,
    debug: DebugOption = False,
) -> None:
    """Some rows with their texts, what was measured, and the thresholds beside it; of duplicates of one row, one."""
    with clear_errors(debug):
        from sayso.manifests.reports.examples import Wanted
        from sayso.pipeline import api
        from sayso.pipeline.cli.tables import example_list

        _check_one_form(as_json, as_csv, parquet)
        found = api.open(folder).examples(Wanted(reason, filter_name, stage, source, where), number, seed)
        if as_json:
            print_json(found)
        elif as_csv or parquet:
            _write(found.table(), parquet)
        else:
            Console().print(example_list(found))


@app.command(
    epilog="Examples:  sayso query runs/demo --describe   ·   sayso query runs/demo "
    "'SELECT source, avg(duration) FROM dataset GROUP BY source'"
)
def query(
    folder: FolderArgument,
    sql: Annotated[str | None, typer.Argument(metavar="SELECT", help="one SELECT over the views of the run")] = None,
    describe: Annotated[bool, typer.Option("--describe", help="list the views and their columns")] = False,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    parquet: ParquetOption = None,
    debug: DebugOption = False,
) -> None:
    """Ask by SQL: DuckDB with views over verdicts, rows, records, counts and the dataset, and nothing else in reach."""
    with clear_errors(debug):
        from sayso.pipeline import api
        from sayso.pipeline.cli.tables import answer_table, view_list

        _check_one_form(as_json, as_csv, parquet)
        if describe == (sql is not None):
            raise typer.BadParameter("give either a SELECT or --describe")
        run = api.open(folder)
        if sql is None:
            views = run.views()
            if as_json:
                print_json(views)
            else:
                Console().print(view_list(views))
            return
        found = run.query(sql)
        if as_json:
            print_json(found.to_dicts())
        elif as_csv or parquet:
            _write(found, parquet)
        else:
            Console().print(answer_table(found, SHOWN))


@app.command(epilog="Examples:  sayso clusters runs/demo   ·   sayso clusters runs/demo -n 100 --csv")
def clusters(
    folder: FolderArgument,
    number: Annotated[int, typer.Option("-n", min=1, max=10_000, help="how many at most")] = 20,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    parquet: ParquetOption = None,
    debug: DebugOption = False,
) -> None:
    """The largest clusters of duplicates: which row stays and why, and those that fell out least like it."""
    with clear_errors(debug):
        from sayso.pipeline import api
        from sayso.pipeline.cli.cluster_list import cluster_list

        _check_one_form(as_json, as_csv, parquet)
        found = api.open(folder).clusters(number)
        if as_json:
            print_json(found)
        elif as_csv or parquet:
            _write(found.table(), parquet)
        else:
            Console().print(cluster_list(found))


def _check_one_form(*forms: object) -> None:
    if sum(map(bool, forms)) > 1:
        raise typer.BadParameter("--json, --csv and --parquet go against each other; give one of them")


def _write(answer: pl.DataFrame, parquet: Path | None) -> None:
    """As a Parquet file where one is named, else as CSV."""
    from sayso.pipeline.submitted_job import lasting

    if parquet is None:
        typer.echo(to_csv(answer), nl=False)
    else:
        answer.write_parquet(lasting(parquet))
