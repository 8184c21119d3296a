"""The job of the sample, for one range of ids."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Done
from stages.mixture import Kind
from stages.sample import Cutoffs, sample


@dataclass(frozen=True)
class SampleJob:
    """Decide which rows of one range of ids are said, and gather them."""

    key: ShardKey
    parameters: dict[str, object]
    screened: tuple[str, ...]
    partitions: tuple[str, ...]
    ids: tuple[str, str]
    limits: dict[str, Cutoffs]
    kinds: dict[Kind, float]
    seed: int

    def outcome(self, ledger: Ledger) -> Done:
        first, following = self.ids
        in_range = (pl.col("id") >= first) & (pl.col("id") < following)
        unique = ledger.rows("deduplicate", self.partitions).filter(in_range).select("id").collect()
        rows = ledger.rows("screen", self.screened).filter(in_range).collect()
        rows = rows.join(unique, on="id", how="semi")
        return Done(sample(rows, self.limits, self.kinds, self.seed), rows.height)
