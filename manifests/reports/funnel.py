"""The funnel: how many rows came into each stage, how many went on, and why the others did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record, StoreUse, made_by_earlier_code
from sayso.manifests.run_plan import StagePlan
from sayso.manifests.verdicts import KEPT


class Loss(BaseModel):
    """How many rows a stage lost for one reason."""

    model_config = ConfigDict(frozen=True)

    filter: str
    reason: str
    rows: int


class SourceFlow(BaseModel):
    """What a stage kept of one source."""

    model_config = ConfigDict(frozen=True)

    source: str
    rows_in: int
    rows_out: int


class StageFlow(BaseModel):
    """What went through one stage, over the shards that are done."""

    model_config = ConfigDict(frozen=True)

    stage: str
    shards: int
    shards_done: int
    rows_in: int
    rows_out: int
    losses: tuple[Loss, ...]
    sources: tuple[SourceFlow, ...]
    seconds: float
    earlier_code: int = Field(0, description="shards made by an earlier version of the code")
    store: StoreUse | None = Field(
        None, description="rows that something was synthesized for, and those that the store of attempts had"
    )


def flow_of(stage: StagePlan, records: list[Record]) -> StageFlow:
    """Add up the records of one stage; losses largest first, sources by name."""
    lost: Counter[tuple[str, str]] = Counter()
    rows_in: Counter[str] = Counter()
    rows_out: Counter[str] = Counter()
    for record in records:
        for count in record.counts:
            rows_in[count.source] += count.rows
            if count.verdict == KEPT:
                rows_out[count.source] += count.rows
            else:
                lost[count.filter or "", count.reason or ""] += count.rows
    uses = [record.store for record in records if record.store]
    losses = sorted(lost.items(), key=lambda item: (-item[1], item[0]))
    return StageFlow(
        stage=stage.stage,
        shards=len(stage.shards),
        shards_done=len(records),
        rows_in=sum(record.rows_in for record in records),
        rows_out=sum(record.rows_out for record in records),
        losses=tuple(Loss(filter=by, reason=reason, rows=rows) for (by, reason), rows in losses),
        sources=tuple(
            SourceFlow(source=name, rows_in=rows, rows_out=rows_out[name]) for name, rows in sorted(rows_in.items())
        ),
        seconds=round(sum(record.seconds for record in records), 3),
        earlier_code=made_by_earlier_code(records, stage.code),
        store=_together(uses) if uses else None,
    )


def _together(uses: Sequence[StoreUse]) -> StoreUse:
    return StoreUse(synthesized=sum(use.synthesized for use in uses), from_store=sum(use.from_store for use in uses))


def funnel(ledger: Ledger) -> list[StageFlow]:
    """The stages of a run as far as they have come. Raises NotARun when the folder holds none."""
    return [flow_of(stage, ledger.records(stage)) for stage in ledger.plan().stages]
