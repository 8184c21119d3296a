"""What Python code does with sayso: carry out a recipe, and ask a run what became of its rows.

`import sayso` has all of it: `sayso.load_recipe`, `sayso.run`, `sayso.open`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl
from polars.io.plugins import register_io_source

from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.ledger import Ledger
from sayso.manifests.progress import Progress, no_progress
from sayso.manifests.reading import StoredTable, readable
from sayso.manifests.records import Record, rows_name, verdicts_name
from sayso.manifests.reports.examples import Examples, Wanted, examples
from sayso.manifests.reports.explanation import Explanation, explain
from sayso.manifests.reports.funnel import StageFlow, funnel
from sayso.manifests.reports.query import View, describe, query
from sayso.manifests.reports.status import Status, status
from sayso.manifests.run_plan import DamagedPlan
from sayso.manifests.storage import Storage
from sayso.manifests.verify.run import Verification, is_published, verify, verify_published
from sayso.pipeline.cost import Cost
from sayso.pipeline.progress import Event, Events
from sayso.pipeline.stage_names import PUBLISH, SPEECH, STAGE_NAMES
from sayso.pipeline.submitted_job import lasting

if TYPE_CHECKING:
    from sayso.pipeline.recipe import Recipe
    from sayso.stages.deduplicate.largest_clusters import Clusters


ANY_LOST = Wanted()


class NoSuchStage(SaysoError):
    """Raised for a stage that there is not, or not in the run that is asked; names those that there are."""

    exit_code = ExitCode.NOT_FOUND


def run(
    recipe: Recipe,
    *,
    to: str | os.PathLike[str],
    until: str = PUBLISH,
    address: str | None = None,
    keep_speech: bool = False,
    on_progress: Callable[[Event], object] = lambda event: None,
) -> StoredRun:
    """Do what a recipe says, or go on where an earlier run into the same folder stopped.

    `to`: a folder or the URL of one. `until`: the last stage to do. `address`: a Ray cluster to work on; when not
    given, that of RAY_ADDRESS, and else one of its own. `keep_speech`: speak nothing again for which only the code has
    changed. `on_progress` is called with each event, in this thread.
    Raises SaysoError; what was finished stays, and the same call goes on.
    """
    # Ray takes its time to be imported, and questions about a run do without.
    from sayso.pipeline.engine.engine import Engine
    from sayso.pipeline.run import Run

    _check_stage(until)
    ledger, keep = Ledger(os.fspath(lasting(to))), _kept(keep_speech)
    address = address or os.environ.get("RAY_ADDRESS")
    with Engine(recipe.resources_of_run, address, recipe.speaks_on_gpu) as engine:
        Run(recipe, recipe.folder, ledger, engine, Events(on_progress), keep).carry_out(until)
    return StoredRun(ledger)


def cost(
    recipe: Recipe,
    *,
    to: str | os.PathLike[str],
    until: str = PUBLISH,
    keep_speech: bool = False,
    on_progress: Callable[[Event], object] = lambda event: None,
) -> Cost:
    """What `run` would do, what of it again, and why. Does nothing. Raises SaysoError where it would not begin.

    `on_progress` is called with Warned where the plan of the run is damaged, which a run would write anew.
    """
    from sayso.pipeline.engine.engine import Engine
    from sayso.pipeline.run import Run

    _check_stage(until)
    ledger, engine = Ledger(os.fspath(lasting(to))), Engine(recipe.resources_of_run, None)
    return Run(recipe, recipe.folder, ledger, engine, Events(on_progress), _kept(keep_speech)).cost(until)


def _check_stage(name: str) -> None:
    if name not in STAGE_NAMES:
        raise NoSuchStage(f"there is no stage {name!r}; the stages are {', '.join(STAGE_NAMES)}")


def _kept(keep_speech: bool) -> tuple[str, ...]:
    return (SPEECH,) if keep_speech else ()


def open(place: str | os.PathLike[str]) -> StoredRun:
    """The run in a folder or below a URL, or the published dataset there, which answers as far as it has manifests.

    Raises SaysoError where there is neither.
    """
    found = StoredRun(Ledger(os.fspath(place)))
    # That a plan is damaged is for `verify` to tell.
    with suppress(DamagedPlan):
        if not found.is_dataset:
            found.ledger.plan()
    return found


class StoredRun:
    """A run as it is kept: each question reads what is there at that moment.

    Raises DamagedShard where what is read is not as it was recorded.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def __repr__(self) -> str:
        return f"<run in {self.storage.root}>"

    @property
    def storage(self) -> Storage:
        """Where the run is kept."""
        return self.ledger.storage

    @property
    def is_dataset(self) -> bool:
        """Whether this is a published dataset by itself, and not the run that made it."""
        return is_published(self.storage)

    def status(self) -> Status:
        """How far the run has come."""
        return status(self.ledger)

    def funnel(self) -> tuple[StageFlow, ...]:
        """How many rows each stage kept, and why the others fell out; in the order of the stages."""
        return tuple(funnel(self.ledger))

    def explain(self, row: str) -> Explanation:
        """The way of one row, by its id, how that begins, its position ("facts.jsonl:17") or a piece of its prompt.

        Raises UnknownRow, which lists the rows where there are several.
        """
        return explain(self.ledger, row)

    def examples(self, wanted: Wanted = ANY_LOST, number: int = 20, seed: int = 0) -> Examples:
        """Some rows that are wanted, by default of all that fell out. Raises NoSuchRows or WrongCondition."""
        return examples(self.ledger, wanted, number, seed)

    def clusters(self, number: int = 20) -> Clusters:
        """The largest clusters of duplicates, and why the row stays that does. Raises NoSuchStage."""
        from sayso.stages.deduplicate.largest_clusters import largest_clusters

        return largest_clusters(self.ledger, self._done("deduplicate"), number)

    def query(self, sql: str) -> pl.DataFrame:
        """The answer to one SELECT over the `views`. Raises WrongQuestion."""
        return query(self.ledger, sql)

    def views(self) -> tuple[View, ...]:
        """What `query` asks: the views and their columns."""
        return tuple(describe(self.ledger))

    def verdicts(self, stage: str) -> pl.LazyFrame:
        """What a stage decided about each row that entered it, one row each, of the shards that are done.

        Columns: id, source, position, verdict, filter, reason, detail, then one for each measured value. Shards are
        read one after the other, only those columns that are needed, and each is compared with its record.
        Raises NoSuchStage for one that decides nothing, or of which nothing is done.
        """
        return _lazy([self._table(record, verdicts_name(stage, record.key.shard)) for record in self._done(stage)])

    def rows(self, stage: str) -> pl.LazyFrame:
        """The rows that went on from a stage, of the shards that are done; read as `verdicts` are.

        Raises NoSuchStage of a dataset by itself, too.
        """
        if self.is_dataset:
            raise NoSuchStage(
                f"{self.storage.root} is a dataset by itself, and the rows of stages are kept by the run that made it; "
                "read its own with polars or datasets"
            )
        return _lazy([self._table(record, rows_name(stage, record.key.shard)) for record in self._done(stage)])

    def verify(self, progress: Progress = no_progress) -> Verification:
        """Whether bytes, counts, schema and every published row are as recorded; what is not is among `problems`."""
        return verify_published(self.storage, progress) if self.is_dataset else verify(self.ledger, progress)

    def _done(self, stage: str) -> list[Record]:
        plan = self.ledger.plan()
        planned = {found.stage: found for found in (*plan.stages, *plan.tables)}
        if stage not in planned:
            raise NoSuchStage(f"{stage}: the run has no such stage; it has {', '.join(planned)}")
        records = self.ledger.records(planned[stage])
        if not records:
            raise NoSuchStage(f"{stage}: none of its {len(planned[stage].shards)} shards is done yet")
        return records

    def _table(self, record: Record, name: str) -> StoredTable:
        if all(file.name != name for file in record.files):
            raise NoSuchStage(f"{record.key.stage}: no {name} was recorded; ask for the stage's rows")
        return self.ledger.table_in(record, name)


def _lazy(tables: Sequence[StoredTable]) -> pl.LazyFrame:
    """Tables of the same columns, one below the other, of which one at a time is in memory."""

    def read(
        columns: list[str] | None, predicate: pl.Expr | None, limit: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        for table in tables:
            with readable(table):
                rows = table.read(columns)
            rows = rows if predicate is None else rows.filter(predicate)
            if limit is not None:
                rows = rows.head(limit)
                limit -= rows.height
            yield rows
            if limit == 0:
                break

    with readable(tables[0]):
        return register_io_source(read, schema=tables[0].schema)
