"""What planning a stage starts from beside its part of the recipe, and the key that a planned shard gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sayso.manifests.attempt_files import AttemptFiles, FilesByIds
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record, ShardKey
from sayso.stages.jobs.fingerprint import fingerprint
from sayso.stages.jobs.job import Job
from sayso.stages.sources.files import File
from sayso.stages.sources.hub_datasets import HubDataset
from sayso.stages.sources.source import Source, find_files

# The records of the stages before, by stage in the order of the table of stages, each in its plan's order.
Records = dict[str, list[Record]]


@dataclass(frozen=True)
class PlanContext:
    """The folder that a recipe's paths start from, its seed, the ledger, and the commits that the run keeps to."""

    base: Path
    seed: int
    ledger: Ledger
    commits: Mapping[str, str]
    _files: dict[str, list[File]] = field(default_factory=dict, init=False)
    _attempts: dict[str, FilesByIds] = field(default_factory=dict, init=False)

    def files(self, source: Source) -> list[File]:
        """The files of a source, looked up once. Raises SourceError where it has none."""
        if source.name not in self._files:
            self._files[source.name] = find_files(source, self.base, self.commit(source.hub))
        return self._files[source.name]

    def attempts(self, files: AttemptFiles) -> FilesByIds:
        """The files of a store of attempts, looked up once: what this run adds to it is of no use to its later jobs."""
        where = files.path("")
        if where not in self._attempts:
            self._attempts[where] = FilesByIds(files.listed())
        return self._attempts[where]

    def commit(self, hub: HubDataset | None) -> str | None:
        """The commit that the run keeps to for a dataset of the Hub, None where there is none."""
        return self.commits.get(hub.label) if hub else None


def stage_before(records: Records) -> str:
    """The stage whose rows come in: the last one before that has shards and decided about rows."""
    return next(stage for stage in reversed(records) if records[stage] and records[stage][0].has_verdicts)


def shard_key(stage: str, shard: str, reads: str) -> ShardKey:
    """The key of a shard whose input is known by the hash `reads`; `with_fingerprint` adds the rest."""
    return ShardKey(stage=stage, shard=shard, fingerprint="", input=reads)


def with_fingerprint(job: Any) -> Job:
    """The job with the fingerprint of all that it holds in its key."""
    found = fingerprint(job)
    parts = {"fingerprint": found.whole, "code": found.code, "recipe": found.recipe}
    with_key: Job = replace(job, key=job.key.model_copy(update=parts))
    return with_key
