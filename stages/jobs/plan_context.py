"""What planning a stage starts from, and the key that a planned shard gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from manifests.ledger import Ledger
from manifests.records import Record, ShardKey
from pipeline.fingerprint import fingerprint
from pipeline.jobs import Job
from pipeline.recipe import Recipe
from stages.files import File
from stages.sources import Source, find_files

# The records of the stages before, by stage, each in its plan's order.
Records = dict[str, list[Record]]


@dataclass(frozen=True)
class Setting:
    """What is planned: a recipe, the folder its paths start from, the ledger, and the commits that the run keeps to."""

    recipe: Recipe
    base: Path
    ledger: Ledger
    commits: Mapping[str, str]

    @cached_property
    def files(self) -> dict[str, list[File]]:
        """The files of each source, looked up once. Raises SourceError where a source has none."""
        return {source.name: find_files(source, self.base, self.commit(source)) for source in self.recipe.sources}

    def commit(self, source: Source) -> str | None:
        """The commit that the run keeps to for a dataset of the Hub, None for other sources."""
        return self.commits.get(source.hub.label) if source.hub else None


def shard_key(stage: str, shard: str, reads: str) -> ShardKey:
    """The key of a shard whose input is known by the hash `reads`; its fingerprint follows from the job (`keyed`)."""
    return ShardKey(stage=stage, shard=shard, fingerprint="", input=reads)


def keyed(job: Any) -> Job:
    """The job with the fingerprint of all that it holds in its key."""
    keyed: Job = replace(job, key=job.key.model_copy(update={"fingerprint": fingerprint(job)}))
    return keyed


def mixed_stage(records: Records) -> str:
    """The stage whose rows are published: `mix`, or `synthesize` where the recipe has no mixture."""
    return "mix" if records["mix"] else "synthesize"
