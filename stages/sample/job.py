"""The job of the sample, for one range of ids."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import StoredTable, Within
from sayso.manifests.records import ShardKey
from sayso.stages.jobs.job import Done
from sayso.stages.sample.sample import Cutoffs, KindCutoffs, sample


@dataclass(frozen=True)
class SampleJob:
    """Decide which rows of one range of ids are said, of those that stay so far, as `stays` has them; gather them."""

    key: ShardKey
    parameters: dict[str, object]
    screened: tuple[str, ...]
    stays: str
    ids: tuple[str, str]
    limits: dict[str, Cutoffs]
    kinds: KindCutoffs
    seed: int

    def outcome(self, ledger: Ledger) -> Done:
        in_range = Within("id", *self.ids)
        screened, staying = _tables(ledger.storage.root, self.screened, self.stays, self.key.input)
        ids = pl.concat(table.read(["id"], in_range) for table in staying)
        rows = pl.concat(table.read(within=in_range) for table in screened)
        rows = rows.join(ids, on="id", how="semi")
        return Done(sample(rows, self.limits, self.kinds, self.seed), rows.height)


@lru_cache(maxsize=1)
def _tables(root: str, shards: tuple[str, ...], stays: str, reads: str) -> tuple[list[StoredTable], list[StoredTable]]:
    """All shards of two stages, opened once in each worker and again where `reads` stands for other bytes."""
    ledger = Ledger(root)
    return [ledger.table("screen", shard) for shard in shards], [ledger.table(stays, shard) for shard in shards]
