"""The job that finds overlap with evaluations in one screened shard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.decontaminate.decontaminate import decontaminate
from sayso.stages.decontaminate.overlap import Index, index_of
from sayso.stages.jobs.job import Done
from sayso.stages.screen.screened_rows import screened_rows

READ = ("id", "source", "position", "prompt", "text_hash", "later_turns")


@dataclass(frozen=True)
class DecontaminateJob:
    """Hold the screened rows of one shard that stay so far, as `stays` has them, against the evaluations.

    `against` stands for what the tables of these hold.
    """

    key: ShardKey
    parameters: dict[str, object]
    ngram: int
    min_share: float
    evaluations: tuple[str, ...]
    against: str
    stays: str

    def outcome(self, ledger: Ledger) -> Done:
        return self.judge(ledger, self.rows(ledger))

    def rows(self, ledger: Ledger) -> pl.DataFrame:
        return screened_rows(ledger, self.stays, self.key.shard, READ)

    def judge(self, ledger: Ledger, rows: pl.DataFrame) -> Done:
        index = _index(ledger.storage.root, self.evaluations, self.against, self.ngram)
        return Done(decontaminate(rows, index, self.min_share), rows.height)


@lru_cache(maxsize=1)
def _index(root: str, evaluations: tuple[str, ...], against: str, ngram: int) -> Index:
    """The index of a run's evaluations, made once in each worker and again where the content is another."""
    return index_of(Ledger(root).rows("evaluations", evaluations), ngram)
