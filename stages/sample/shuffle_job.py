"""The jobs that bring the rows of all screened shards into ranges of ids, in passes that read each row once."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.jobs.job import Table
from sayso.stages.sample.packed_rows import RANGES_PER_GROUP, pack, packed_rows
from sayso.stages.screen.screened_rows import screened_rows


@dataclass(frozen=True)
class ScatterJob:
    """Cut the rows of some screened shards that stay so far, as `stays` has them, at the `bounds` of ranges of ids."""

    key: ShardKey
    parameters: dict[str, object]
    stays: str
    shards: tuple[str, ...]
    bounds: tuple[str, ...]

    def outcome(self, ledger: Ledger) -> Table:
        rows = pl.concat(screened_rows(ledger, self.stays, shard) for shard in self.shards)
        return Table(pack(rows, self.bounds), RANGES_PER_GROUP)


@dataclass(frozen=True)
class RegroupJob:
    """Bring together what some shards of `stage` have of one of their ranges, and cut it at the `bounds` of others."""

    key: ShardKey
    parameters: dict[str, object]
    stage: str
    shards: tuple[str, ...]
    number: int
    bounds: tuple[str, ...]

    def outcome(self, ledger: Ledger) -> Table:
        return Table(pack(packed_rows(ledger, self.stage, self.shards, self.number), self.bounds), RANGES_PER_GROUP)
