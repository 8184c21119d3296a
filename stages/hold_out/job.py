"""The jobs of the test split: candidates of each kind, and which of them are like another row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.hold_out.hold_out import candidates, find_similar
from sayso.stages.jobs.job import Table
from sayso.stages.mix.mixed_rows import mixed_rows
from sayso.stages.rows.kinds import Kind

READ = ("id", "kind", "prompt", "spoken", "answer", "later_turns")


@dataclass(frozen=True)
class CandidatesJob:
    """Gather the rows that may be held out from all shards of a stage."""

    key: ShardKey
    parameters: dict[str, object]
    stage: str
    shards: tuple[str, ...]
    cutoffs: Mapping[Kind, float]
    seed: int

    def outcome(self, ledger: Ledger) -> Table:
        parts = (mixed_rows(ledger, self.stage, shard, READ) for shard in self.shards)
        return Table(pl.concat(candidates(part, self.cutoffs, self.seed) for part in parts))


@dataclass(frozen=True)
class LeaksJob:
    """Hold the candidates against the rows of some shards."""

    key: ShardKey
    parameters: dict[str, object]
    stage: str
    shards: tuple[str, ...]
    ngram: int
    min_similarity: float

    def outcome(self, ledger: Ledger) -> Table:
        rows = pl.concat(mixed_rows(ledger, self.stage, shard, READ) for shard in self.shards)
        found = ledger.rows("candidates", ["all"], ("id", "prompts"))
        return Table(find_similar(rows, found, self.ngram, self.min_similarity))
