"""The job that screens one ingested shard."""

from __future__ import annotations

from dataclasses import dataclass

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
        rows = ledger.rows("ingest", [self.key.shard])
        return Done(screen(rows, self.config), rows.height)
