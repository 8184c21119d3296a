"""The job that finds overlap with evaluations in one screened shard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.decontaminate.decontaminate import decontaminate
from sayso.stages.decontaminate.overlap import Index, index_of
from sayso.stages.jobs.job import Done


@dataclass(frozen=True)
class DecontaminateJob:
    """Hold the screened rows of one shard against the evaluations; `against` stands for what their tables hold."""

    key: ShardKey
    parameters: dict[str, object]
    ngram: int
    min_share: float
    evaluations: tuple[str, ...]
    against: str

    def outcome(self, ledger: Ledger) -> Done:
        columns = ("id", "source", "position", "prompt", "text_hash", "later_turns")
        rows = ledger.rows("screen", [self.key.shard], columns)
        index = _index(ledger.storage.root, self.evaluations, self.against, self.ngram)
        return Done(decontaminate(rows, index, self.min_share), rows.height)


@lru_cache(maxsize=1)
def _index(root: str, evaluations: tuple[str, ...], against: str, ngram: int) -> Index:
    """The index of a run's evaluations, made once in each worker and again where the content is another."""
    return index_of(Ledger(root).rows("evaluations", evaluations), ngram)
