"""The job that screens one ingested shard."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.jobs.job import Done
from sayso.stages.screen.screen import Screen, screen


@dataclass(frozen=True)
class ScreenJob:
    """Screen the rows of one ingested shard."""

    key: ShardKey
    parameters: dict[str, object]
    config: Screen

    def outcome(self, ledger: Ledger) -> Done:
        return self.judge(ledger, self.rows(ledger))

    def rows(self, ledger: Ledger) -> pl.DataFrame:
        return ledger.rows("ingest", [self.key.shard])

    def judge(self, ledger: Ledger, rows: pl.DataFrame) -> Done:
        return Done(screen(rows, self.config), rows.height)
