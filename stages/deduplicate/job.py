"""The job that gives the verdicts on one shard of signatures."""

from __future__ import annotations

from dataclasses import dataclass

from manifests.ledger import Ledger
from manifests.reading import Within
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
        rows = ledger.rows("signatures", [self.key.shard], ("id", "source", "position"))
        inside = Within("row", self.start, self.start + self.rows)
        gone = ledger.rows("clusters", ["all"], within=inside).drop("row")
        return Done(deduplicate(rows, gone), rows.height)
