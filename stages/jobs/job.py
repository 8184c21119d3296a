"""What every job is, a shard of a stage that a worker carries out, and how its outcome is filed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

import polars as pl

from sayso.manifests.killing_rows import KillingRow
from sayso.manifests.ledger import ROW_GROUP_ROWS, Ledger
from sayso.manifests.records import Record, ShardKey, StoreUse
from sayso.manifests.verdicts import Outcome
from sayso.stages.jobs.left_out import with_left_out


@dataclass(frozen=True)
class Done:
    """What a job made of its shard."""

    outcome: Outcome
    rows_in: int
    published: dict[str, bytes] = field(default_factory=dict)
    store: StoreUse | None = None


@dataclass(frozen=True)
class Table:
    """What a job made for later stages to work with; it decides about no row."""

    rows: pl.DataFrame
    row_group_rows: int = ROW_GROUP_ROWS


class Job(Protocol):
    """One shard of one stage: a picklable dataclass, with one outcome wherever and however often it is carried out.

    All that it holds is part of its key, but a field with `compare=False`: one that cannot change the outcome, or that
    the key's input stands for.
    """

    @property
    def key(self) -> ShardKey: ...

    @property
    def parameters(self) -> dict[str, object]: ...

    def outcome(self, ledger: Ledger) -> Done | Table: ...


@runtime_checkable
class RowsJob(Job, Protocol):
    """A job that judges each row by itself: where some are left out, nothing is another for the others.

    `rows` are those that come in, with `id`, `source`, `position` and what `judge` needs; `judge` gives the outcome of
    some of them, in their order, and of all of them that is `outcome`.
    """

    def rows(self, ledger: Ledger) -> pl.DataFrame: ...

    def judge(self, ledger: Ledger, rows: pl.DataFrame) -> Done: ...


def carry_out(ledger: Ledger, job: Job, killing: Sequence[KillingRow] = ()) -> Record:
    """Do a job and commit what came of it to the ledger. Rows that are `killing` are dropped before they are looked at.

    Raises RuntimeError where Polars panics: that is no Exception, and Ray would take the worker for dead.
    """
    started = time.monotonic()
    try:
        done = _outcome_without(ledger, job, killing) if killing and isinstance(job, RowsJob) else job.outcome(ledger)
    except pl.exceptions.PanicException as error:
        raise RuntimeError(f"Polars broke off: {error}") from error
    seconds = time.monotonic() - started
    if isinstance(done, Table):
        return ledger.commit_table(job.key, done.rows, job.parameters, seconds, done.row_group_rows)
    return ledger.commit(job.key, done.outcome, done.rows_in, job.parameters, seconds, done.published, done.store)


def _outcome_without(ledger: Ledger, job: RowsJob, killing: Sequence[KillingRow]) -> Done:
    rows = job.rows(ledger)
    stays = ~rows["id"].is_in([row.id for row in killing])
    done = job.judge(ledger, rows.filter(stays))
    rows_in = done.rows_in + rows.height - int(stays.sum())
    return replace(done, outcome=with_left_out(done.outcome, rows, killing), rows_in=rows_in)
