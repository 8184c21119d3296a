"""The job that screens one ingested shard."""

from __future__ import annotations

from dataclasses import dataclass

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Done
from stages.screen import Screen, screen


@dataclass(frozen=True)
class ScreenJob:
    """Screen the rows of one ingested shard."""

    key: ShardKey
    parameters: dict[str, object]
    config: Screen

    def outcome(self, ledger: Ledger) -> Done:
        rows = ledger.rows("ingest", [self.key.shard])
        return Done(screen(rows, self.config), rows.height)
