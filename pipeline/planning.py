"""What planning a stage starts from, and the key that a planned shard gets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from manifests.ledger import Ledger
from manifests.records import Record, ShardKey
from pipeline.fingerprint import fingerprint
from pipeline.recipe import Recipe

# The records of the stages before, by stage, each in its plan's order.
Records = dict[str, list[Record]]


@dataclass(frozen=True)
class Setting:
    """What is planned: a recipe, the folder its paths start from, and the ledger of the run."""

    recipe: Recipe
    base: Path
    ledger: Ledger


def shard_key(stage: str, shard: str, module: str, parameters: dict[str, object], reads: str) -> ShardKey:
    """The key of a shard that `module` makes with these parameters from input known by the hash `reads`."""
    return ShardKey(stage=stage, shard=shard, fingerprint=fingerprint(module, parameters), input=reads)
