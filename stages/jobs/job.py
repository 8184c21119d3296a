"""What every job is, a shard of a stage that a worker carries out, and how its outcome is filed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from sayso.manifests.ledger import ROW_GROUP_ROWS, Ledger
from sayso.manifests.records import Record, ShardKey
from sayso.manifests.verdicts import Outcome


@dataclass(frozen=True)
class Done:
    """What a job made of its shard."""

    outcome: Outcome
    rows_in: int
    published: dict[str, bytes] = field(default_factory=dict)


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


def carry_out(ledger: Ledger, job: Job) -> Record:
    """Do a job and commit what came of it to the ledger.

    Raises RuntimeError where Polars panics: that is no Exception, and Ray would take the worker for dead.
    """
    started = time.monotonic()
    try:
        done = job.outcome(ledger)
    except pl.exceptions.PanicException as error:
        raise RuntimeError(f"Polars broke off: {error}") from error
    seconds = time.monotonic() - started
    if isinstance(done, Table):
        return ledger.commit_table(job.key, done.rows, job.parameters, seconds, done.row_group_rows)
    return ledger.commit(job.key, done.outcome, done.rows_in, job.parameters, seconds, done.published)
