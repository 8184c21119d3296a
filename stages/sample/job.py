"""The job of the sample, for one range of ids."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.jobs.job import Done
from sayso.stages.sample.packed_rows import packed_rows
from sayso.stages.sample.sample import Cutoffs, KindCutoffs, sample


@dataclass(frozen=True)
class SampleJob:
    """Decide which rows of one range of ids are said, of those that stay so far: range `number` of a packed shard."""

    key: ShardKey
    parameters: dict[str, object]
    stage: str
    packed: str
    number: int
    limits: dict[str, Cutoffs]
    kinds: KindCutoffs
    seed: int

    def outcome(self, ledger: Ledger) -> Done:
        return self.judge(ledger, self.rows(ledger))

    def rows(self, ledger: Ledger) -> pl.DataFrame:
        return packed_rows(ledger, self.stage, [self.packed], self.number)

    def judge(self, ledger: Ledger, rows: pl.DataFrame) -> Done:
        return Done(sample(rows, self.limits, self.kinds, self.seed), rows.height)
