"""The job that gives the verdicts on one shard of signatures."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Done
from stages.deduplicate import deduplicate


@dataclass(frozen=True)
class DeduplicateJob:
    """Give the verdicts on the rows of one shard of signatures."""

    key: ShardKey
    parameters: dict[str, object]
    start: int
    rows: int

    def outcome(self, ledger: Ledger) -> Done:
        rows = ledger.rows("signatures", [self.key.shard]).select("id", "source", "position").collect()
        inside = pl.col("row").is_between(self.start, self.start + self.rows, closed="left")
        gone = ledger.rows("clusters", ["all"]).filter(inside).drop("row").collect()
        return Done(deduplicate(rows, gone), rows.height)
