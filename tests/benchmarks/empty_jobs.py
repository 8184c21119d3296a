"""Jobs without rows, in a file that workers import: what is defined in a program is sent to them with each job."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.manifests.verdicts import VERDICT_SCHEMA, Outcome
from sayso.stages.jobs.job import Done


@dataclass(frozen=True)
class EmptyJob:
    """A job without rows."""

    key: ShardKey
    parameters: dict[str, object] = field(default_factory=dict)

    def outcome(self, ledger: Ledger) -> Done:
        return Done(Outcome(pl.DataFrame(schema={"id": pl.String}), pl.DataFrame(schema=VERDICT_SCHEMA)), 0)


def empty_jobs(name: str, count: int) -> list[EmptyJob]:
    """So many of them, whose shards begin with a name."""
    keys = (ShardKey(stage="test", shard=f"{name}-{n:06d}", fingerprint="f", input="i") for n in range(count))
    return [EmptyJob(key) for key in keys]
