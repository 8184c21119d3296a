"""The job of a published shard."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Done
from stages.compose import Compose, account, compose
from stages.ichigo import ichigo
from stages.parquet_shards import parquet_bytes
from stages.published_columns import CONFIGS, FOLDERS, Config


@dataclass(frozen=True)
class Slice:
    """Some rows of a spoken shard, by their place in it."""

    shard: str
    offset: int
    rows: int


@dataclass(frozen=True)
class ComposeJob:
    """Write one shard of the published dataset from consecutive slices of those of the stage before.

    `first` is the number of its first row in the whole dataset.
    """

    key: ShardKey
    parameters: dict[str, object]
    config: Compose
    seed: int
    stage: str
    slices: tuple[Slice, ...]
    first: int

    def outcome(self, ledger: Ledger) -> Done:
        parts = [ledger.rows(self.stage, [part.shard]).slice(part.offset, part.rows) for part in self.slices]
        rows = pl.concat(parts).collect()
        published = compose(rows, self.config.strings, self.seed)
        of_config: dict[Config, pl.DataFrame] = {"default": published}
        if "ichigo" in self.config.configs:
            of_config["ichigo"] = ichigo(published, self.first)
        files = {
            f"dataset/{FOLDERS[name]}/{self.key.shard}.parquet": parquet_bytes(table, CONFIGS[name])
            for name, table in of_config.items()
        }
        return Done(account(published, rows, self.key.shard), rows.height, files)
