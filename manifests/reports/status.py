"""How far a run has come."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from sayso.manifests.attempt_files import StoreSize, beside_run
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import CARD_NAME, DATASET, LIST_NAME
from sayso.manifests.reports.funnel import StageFlow, funnel


class Status(BaseModel):
    """How far a run has come: its planned stages in order, and whether its dataset is published.

    `attempts`: how much is kept beside the run of what was synthesized.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    stages: tuple[StageFlow, ...]
    published: bool
    attempts: StoreSize = StoreSize(files=0, bytes=0)


def status(ledger: Ledger) -> Status:
    """How far the run in a folder has come. Raises NotARun when the folder holds none."""
    stages = tuple(funnel(ledger))
    complete = bool(stages) and all(stage.shards == stage.shards_done for stage in stages)
    # A dataset by itself is published, wherever it lies.
    there = any(ledger.storage.size(name) is not None for name in (f"{DATASET}{CARD_NAME}", LIST_NAME))
    published = complete and there and stages[-1].stage == "compose"
    kept = beside_run(ledger.storage).size()
    return Status(name=ledger.plan().name, stages=stages, published=published, attempts=kept)
