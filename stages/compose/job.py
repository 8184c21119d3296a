"""The job of a published shard."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import DATASET
from sayso.manifests.records import ShardKey
from sayso.stages.compose.compose import Compose, Split, account, compose, in_split
from sayso.stages.compose.ichigo import ichigo
from sayso.stages.compose.parquet_shards import ParquetShard, in_row_groups, row_group_rows
from sayso.stages.jobs.job import Done
from sayso.stages.mix.mixed_rows import mixed_rows

PLACE = ("id", "source", "position")


@dataclass(frozen=True)
class ShardSlice:
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
    sound: SoundFormat
    seed: int
    stage: str
    split: Split
    slices: tuple[ShardSlice, ...]
    held_out: tuple[str, ...]
    first: int

    def outcome(self, ledger: Ledger) -> Done:
        # It imports datasets, which takes a second that no other job should wait for.
        from sayso.stages.compose.published_columns import CONFIGS, features_of

        inside = in_split(self.split, self.held_out)
        parts = (
            mixed_rows(ledger, self.stage, part.shard).filter(inside).sort("id").slice(part.offset, part.rows)
            for part in self.slices
        )
        # `audio` is of the speech, and goes through the mixture.
        first_table = ledger.table(self.stage, self.slices[0].shard)
        features = {**CONFIGS, "default": features_of(first_table.columns)}
        files = {name: ParquetShard(features[name]) for name in self.config.configs}
        places = [first_table.read(PLACE).head(0)]
        first = self.first
        # Written with their conversations, rows are much larger than before: a row group at a time is enough.
        for rows in in_row_groups(parts, row_group_rows(features["default"])):
            published = compose(rows, self.config, self.sound, self.seed)
            files["default"].write(published)
            if "ichigo" in files:
                files["ichigo"].write(ichigo(published, first, self.sound))
            places.append(rows.select(PLACE))
            first += rows.height
        content = {
            f"{DATASET}{CONFIG_FOLDERS[name]}/{self.key.shard}.parquet": file.finish() for name, file in files.items()
        }
        placed = pl.concat(places)
        return Done(account(placed, self.key.shard), placed.height, content)
