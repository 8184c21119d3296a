"""The way of one row through a run: every verdict on it, the values measured and the thresholds beside them."""

from __future__ import annotations

from typing import Any

import polars as pl
from pydantic import BaseModel, ConfigDict

from sayso.manifests.killing_rows import KILLS_THE_WORKER, known_killing_rows
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import DATASET, LIST_NAME
from sayso.manifests.reading import Within, readable
from sayso.manifests.records import Record
from sayso.manifests.reports.row_search import find_row
from sayso.manifests.run_plan import StagePlan
from sayso.manifests.verdicts import VERDICT_SCHEMA

TEXT_COLUMNS = ("prompt", "spoken", "answer", "transcript")


class Step(BaseModel):
    """What one stage decided about the row."""

    model_config = ConfigDict(frozen=True)

    stage: str
    shard: str
    verdict: str
    filter: str | None
    reason: str | None
    detail: str | None
    values: dict[str, Any]
    thresholds: dict[str, Any]


class Explanation(BaseModel):
    """The way of one row through the run, and its texts as far as it got."""

    model_config = ConfigDict(frozen=True)

    id: str
    source: str
    position: str
    texts: dict[str, str]
    steps: tuple[Step, ...]
    published: str | None


def explain(ledger: Ledger, row: str) -> Explanation:
    """Everything decided about a row, given by its id, its position ("file.jsonl:17") or a part of id or prompt.

    A dataset by itself has the verdicts, and no texts of rows on their way.
    Raises UnknownRow when the run has no such row, or several.
    """
    stages = ledger.plan().stages
    has_rows = ledger.storage.size(LIST_NAME) is None
    row_id, source, position = find_row(ledger, row)
    steps: list[Step] = []
    texts: dict[str, str] = {}
    for stage in stages:
        step = _step(ledger, stage, row_id)
        if step is None:
            # A row that is made begins at a later stage; after its first verdict the next without one ends its way.
            if steps:
                break
            continue
        steps.append(step)
        if has_rows:
            texts |= texts_in(ledger, stage.stage, step.shard, row_id)
    return Explanation(
        id=row_id,
        source=source,
        position=position,
        texts=texts,
        steps=tuple(steps),
        published=_published(ledger, steps[-1], row_id) if has_rows else _published_in(steps[-1]),
    )


def _step(ledger: Ledger, stage: StagePlan, row_id: str) -> Step | None:
    return next((step for record in ledger.records(stage) if (step := step_in(ledger, record, row_id))), None)


def step_in(ledger: Ledger, record: Record, row_id: str) -> Step | None:
    """What was decided about a row in a shard; None where it did not come into it. Raises DamagedShard."""
    stage, shard = record.key.stage, record.key.shard
    found = ledger.verdicts(stage, [shard]).filter(pl.col("id") == row_id)
    if found.is_empty():
        return None
    verdict = found.row(0, named=True)
    values = {name: verdict[name] for name in found.columns if name not in VERDICT_SCHEMA}
    if verdict["reason"] == KILLS_THE_WORKER:
        values |= _seen_of_kills(ledger, stage, row_id)
    return Step(
        stage=stage,
        shard=shard,
        verdict=verdict["verdict"],
        filter=verdict["filter"],
        reason=verdict["reason"],
        detail=verdict["detail"],
        values={name: value for name, value in values.items() if value is not None},
        thresholds=record.parameters,
    )


def _seen_of_kills(ledger: Ledger, stage: str, row_id: str) -> dict[str, object]:
    seen = (row.measured for row in known_killing_rows(ledger) if (row.key.stage, row.id) == (stage, row_id))
    return next(seen, {})


def texts_in(ledger: Ledger, stage: str, shard: str, row_id: str) -> dict[str, str]:
    """The texts of a row as it went on from a shard; none where it did not. Raises DamagedShard."""
    rows = ledger.table(stage, shard)
    with readable(rows):
        wanted = [name for name in TEXT_COLUMNS if name in rows.columns]
        found = rows.read(wanted, Within("id", row_id, f"{row_id}g"))
    return {} if found.is_empty() else {name: str(text) for name, text in found.row(0, named=True).items()}


def _published_in(last: Step) -> str | None:
    return f"data/{last.shard}.parquet" if last.stage == "compose" else None


def _published(ledger: Ledger, last: Step, row_id: str) -> str | None:
    if last.stage != "compose":
        return None
    rows = ledger.table("compose", last.shard)
    with readable(rows):
        shard, row = rows.read(("id", "shard", "row")).filter(pl.col("id") == row_id).select("shard", "row").row(0)
    return f"{DATASET}data/{shard}.parquet, row {row}"
