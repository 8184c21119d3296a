"""Ask a run by SQL: verdicts, rows, records and dataset are views of DuckDB, which reads and changes nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

import duckdb
import polars as pl
import pyarrow.dataset
import pyarrow.fs
from pyarrow.fs import FSSpecHandler, PyFileSystem
from pydantic import BaseModel, ConfigDict

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.dataset.file_list import published_files
from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.filesystems import open_filesystem
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import DATASET, LIST_NAME
from sayso.manifests.records import Record, rows_name, verdicts_name
from sayso.manifests.run_plan import NotARun, RunPlan
from sayso.manifests.storage import Storage

# Of the memory that a question takes; what needs more of it ends with a sentence, and nothing goes to a disk.
MOST_MEMORY = "2GB"
# Before they are locked: no file, no network, no extension, no Python variable is within reach of a question.
SETTINGS = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": f"'{MOST_MEMORY}'",
    "lock_configuration": "true",
}
RECORD_COLUMNS = {
    "stage": pl.String,
    "shard": pl.String,
    "rows_in": pl.Int64,
    "rows_out": pl.Int64,
    "seconds": pl.Float64,
    "worker": pl.String,
    "bytes": pl.Int64,
    "parameters": pl.String,
    "versions": pl.String,
}
COUNT_COLUMNS = {
    **dict.fromkeys(("stage", "shard", "source", "verdict", "filter", "reason"), pl.String),
    "rows": pl.Int64,
}
MEANINGS = {
    "verdicts": "a verdict a row and stage: what was decided, why, and what was measured",
    "rows": "a row for each stage that it went on from, with its texts as they were there",
    "records": "a shard that is done: its rows, seconds, worker and parameters",
    "counts": "how often each verdict was given in a shard, by source, filter and reason",
    "dataset": "the published rows",
}


class WrongQuestion(SaysoError):
    """Raised for SQL that is none, that does more than ask, or whose answer takes too much memory."""

    exit_code = ExitCode.WRONG_USE


class View(BaseModel):
    """What can be asked: a view, what a row of it is, and its columns with their types."""

    model_config = ConfigDict(frozen=True)

    view: str
    meaning: str
    columns: dict[str, str]


def query(ledger: Ledger, sql: str) -> pl.DataFrame:
    """The answer to one SELECT over the views, as far as the run has come.

    Files are read as they lie there: `verify` tells whether they are as they were written.
    Raises WrongQuestion, and NotARun where there is no run.
    """
    connection = _opened(ledger)
    try:
        statements = connection.extract_statements(sql)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise WrongQuestion("a question is one SELECT: nothing else is carried out, and no more than one at a time")
        found = connection.sql(statements[0]).pl()
    except duckdb.Error as error:
        raise WrongQuestion(f"{error}; --describe lists the views and their columns") from error
    return found


def describe(ledger: Ledger) -> list[View]:
    """The views of a run and their columns."""
    connection = _opened(ledger)
    found = []
    for view, meaning in MEANINGS.items():
        columns = connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [view]
        ).fetchall()
        if columns:
            found.append(View(view=view, meaning=meaning, columns=dict(columns)))
    return found


def _opened(ledger: Ledger) -> duckdb.DuckDBPyConnection:
    """A database in memory with the views of a run or of a dataset by itself; nothing else can be reached from it."""
    connection = duckdb.connect(":memory:")
    is_dataset = ledger.storage.size(LIST_NAME) is not None
    plan = _plan(ledger, is_dataset)
    done = [record for stage in plan.stages for record in ledger.records(stage)]
    tables = [record for stage in plan.tables for record in ledger.records(stage)]
    _register(connection, ledger, "verdicts", done, verdicts_name)
    if not is_dataset:
        _register(connection, ledger, "rows", done, rows_name)
    connection.register("records", _records((*done, *tables)).to_arrow())
    connection.register("counts", _counts(done).to_arrow())
    if published := _published(ledger, is_dataset, done):
        connection.register("dataset", _as_one_table(ledger.storage, published))
    for name, value in SETTINGS.items():
        connection.execute(f"SET {name} = {value}")
    return connection


def _plan(ledger: Ledger, is_dataset: bool) -> RunPlan:
    try:
        return ledger.plan()
    except NotARun:
        # It may have been fetched without its manifests.
        if is_dataset:
            return RunPlan(name="")
        raise


def _register(
    connection: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    view: str,
    done: Sequence[Record],
    name: Callable[[str, str], str],
) -> None:
    """One view of a file of each shard, with its stage and shard; a column that a stage does not have is null there."""
    by_stage: dict[str, list[str]] = {}
    for record in done:
        by_stage.setdefault(record.key.stage, []).append(name(record.key.stage, record.key.shard))
    for stage, names in by_stage.items():
        connection.register(f"{view} of {stage}", _as_one_table(ledger.storage, names))
    if by_stage:
        parts = [f"SELECT '{stage}' AS stage, * FROM \"{view} of {stage}\"" for stage in by_stage]
        connection.execute(f"CREATE VIEW {view} AS {' UNION ALL BY NAME '.join(parts)}")


def _as_one_table(storage: Storage, names: Sequence[str]) -> pyarrow.dataset.Dataset:
    """Parquet files of the same columns, of which only what is asked for is read."""
    filesystem, base = open_filesystem(storage.root)
    for name in names:
        storage.open(name).close()
    arrow = pyarrow.fs.LocalFileSystem() if storage.is_local else PyFileSystem(FSSpecHandler(filesystem))
    return pyarrow.dataset.dataset([f"{base}/{name}" for name in names], filesystem=arrow, format="parquet")


def _published(ledger: Ledger, is_dataset: bool, done: Sequence[Record]) -> list[str]:
    """The files of the dataset's rows, below the folder."""
    if is_dataset:
        return [file.name for file in published_files(ledger.storage) if file.config == "default"]
    names = (file.name for record in done for file in record.files)
    return [name for name in names if name.startswith(f"{DATASET}{CONFIG_FOLDERS['default']}/")]


def _records(done: Iterable[Record]) -> pl.DataFrame:
    rows = [
        (
            *(record.key.stage, record.key.shard, record.rows_in, record.rows_out, record.seconds, record.worker),
            sum(file.bytes for file in record.files),
            *(json.dumps(found, sort_keys=True) for found in (record.parameters, record.versions)),
        )
        for record in done
    ]
    return pl.DataFrame(rows, schema=RECORD_COLUMNS, orient="row")


def _counts(done: Iterable[Record]) -> pl.DataFrame:
    rows = [
        (record.key.stage, record.key.shard, count.source, count.verdict, count.filter, count.reason, count.rows)
        for record in done
        for count in record.counts
    ]
    return pl.DataFrame(rows, schema=COUNT_COLUMNS, orient="row")
