"""The job that gives the verdicts on one shard of signatures."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import Within
from sayso.manifests.records import ShardKey
from sayso.stages.deduplicate.deduplicate import deduplicate
from sayso.stages.jobs.job import Done


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
