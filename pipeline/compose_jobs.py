"""The job of a published shard."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Done
from stages.compose import account, compose, parquet_bytes


@dataclass(frozen=True)
class Slice:
    """Some rows of a synthesized shard, by their place in it."""

    shard: str
    offset: int
    rows: int


@dataclass(frozen=True)
class ComposeJob:
    """Write one shard of the published dataset from consecutive slices of the synthesized ones."""

    key: ShardKey
    parameters: dict[str, object]
    slices: tuple[Slice, ...]

    def outcome(self, ledger: Ledger) -> Done:
        parts = [ledger.rows("synthesize", [part.shard]).slice(part.offset, part.rows) for part in self.slices]
        spoken = pl.concat(parts).collect()
        published = compose(spoken)
        file = {f"dataset/data/{self.key.shard}.parquet": parquet_bytes(published)}
        return Done(account(published, spoken, self.key.shard), spoken.height, file)
