"""The job of a published shard."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Done
from stages.compose import Compose, Split, account, compose, in_split
from stages.ichigo import ichigo
from stages.parquet_shards import ParquetShard, row_group_rows
from stages.published_columns import CONFIGS, FOLDERS, features_of


@dataclass(frozen=True)
class Slice:
    """Some rows of a shard, by their place among those of one split."""

    shard: str
    offset: int
    rows: int


@dataclass(frozen=True)
class ComposeJob:
    """Write one shard of a split from consecutive slices of the shards of the stage before.

    `held_out` are those ids of these shards that are in the split `test`, and `first` is the number of the published
    shard's first row in its split.
    """

    key: ShardKey
    parameters: dict[str, object]
    config: Compose
    seed: int
    stage: str
    split: Split
    slices: tuple[Slice, ...]
    held_out: tuple[str, ...]
    first: int

    def outcome(self, ledger: Ledger) -> Done:
        inside = in_split(self.split, self.held_out)
        shards = {part: ledger.rows(self.stage, [part.shard]).filter(inside) for part in self.slices}
        rows = pl.concat(shard.slice(part.offset, part.rows) for part, shard in shards.items()).collect().sort("id")
        features = {**CONFIGS, "default": features_of(rows)}
        files = {name: ParquetShard(features[name]) for name in self.config.configs}
        # Written with their conversations, rows are much larger than before: a row group at a time is enough.
        step = row_group_rows(features["default"])
        for start in range(0, rows.height, step):
            part = compose(rows.slice(start, step), self.config.strings, self.seed)
            files["default"].write(part)
            if "ichigo" in files:
                files["ichigo"].write(ichigo(part, self.first + start))
        content = {f"dataset/{FOLDERS[name]}/{self.key.shard}.parquet": file.finished() for name, file in files.items()}
        return Done(account(rows, self.key.shard), rows.height, content)
