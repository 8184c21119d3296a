"""Jobs: what a worker carries out for one shard of one stage. Each knows its key and makes its outcome."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from manifests.ledger import Ledger
from manifests.records import Record, ShardKey
from manifests.verdicts import Outcome
from stages.screen import Screen, screen


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


class Job(Protocol):
    """One shard of one stage: picklable, and the same outcome wherever and however often it is carried out."""

    @property
    def key(self) -> ShardKey: ...

    @property
    def parameters(self) -> dict[str, object]: ...

    def outcome(self, ledger: Ledger) -> Done | Table: ...


def carry_out(root: str, job: Job) -> Record:
    """Do a job and commit what came of it to the ledger of the run in `root`."""
    started = time.monotonic()
    ledger = Ledger(root)
    done = job.outcome(ledger)
    seconds = time.monotonic() - started
    if isinstance(done, Table):
        return ledger.commit_table(job.key, done.rows, job.parameters, seconds)
    return ledger.commit(job.key, done.outcome, done.rows_in, job.parameters, seconds, done.published)


@dataclass(frozen=True)
class ScreenJob:
    """Screen the rows of one ingested shard."""

    key: ShardKey
    parameters: dict[str, object]
    config: Screen

    def outcome(self, ledger: Ledger) -> Done:
        rows = ledger.rows("ingest", [self.key.shard]).collect()
        return Done(screen(rows, self.config), rows.height)
