"""What a run tells on its way, one event after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from sayso.manifests.records import Record
from sayso.manifests.verdicts import DROPPED
from sayso.pipeline.cost import Cost


@dataclass(frozen=True)
class CostKnown:
    """Something will be done again that was done before: told before anything is done."""

    cost: Cost


@dataclass(frozen=True)
class StagePlanned:
    """A stage begins: of its shards so many are done already, which hold so many rows."""

    stage: str
    shards: int
    done: int
    rows: int


@dataclass(frozen=True)
class ShardDone:
    """A shard was done: the rows that came in and went on, and the seconds that its worker took.

    `dropped`: how many rows were dropped for each reason, as "filter: reason". `from_store`: how many were synthesized
    before, and taken from the store of attempts.
    """

    stage: str
    shard: str
    rows_in: int
    rows_out: int
    seconds: float
    dropped: Mapping[str, int] = field(default_factory=dict)
    from_store: int = 0


@dataclass(frozen=True)
class StageFinished:
    """All shards of a stage are done."""

    stage: str


@dataclass(frozen=True)
class Warned:
    """Something that people should know and that does not stop the run.

    `waiting`: nothing has finished for long. `damaged`: a file is not as it was written and is made anew.
    """

    kind: Literal["waiting", "damaged", "warning"]
    message: str


Event = CostKnown | StagePlanned | ShardDone | StageFinished | Warned


class RunProgress(Protocol):
    """What a run tells whoever started it."""

    def cost_known(self, cost: Cost) -> None: ...

    def stage_planned(self, stage: str, shards: int, done: int, rows: int) -> None: ...

    def shard_done(self, record: Record) -> None: ...

    def stage_finished(self, stage: str) -> None: ...

    def stalled(self, message: str) -> None: ...

    def damaged(self, message: str) -> None: ...

    def warned(self, message: str) -> None: ...


@dataclass(frozen=True)
class Events:
    """Hands on what a run tells to a function, as events."""

    on_progress: Callable[[Event], object]

    def cost_known(self, cost: Cost) -> None:
        self.on_progress(CostKnown(cost))

    def stage_planned(self, stage: str, shards: int, done: int, rows: int) -> None:
        self.on_progress(StagePlanned(stage, shards, done, rows))

    def shard_done(self, record: Record) -> None:
        key, dropped, stored = record.key, dropped_in(record), record.store.from_store if record.store else 0
        self.on_progress(
            ShardDone(key.stage, key.shard, record.rows_in, record.rows_out, record.seconds, dropped, stored)
        )

    def stage_finished(self, stage: str) -> None:
        self.on_progress(StageFinished(stage))

    def stalled(self, message: str) -> None:
        self.on_progress(Warned("waiting", message))

    def damaged(self, message: str) -> None:
        self.on_progress(Warned("damaged", message))

    def warned(self, message: str) -> None:
        self.on_progress(Warned("warning", message))


def dropped_in(record: Record) -> dict[str, int]:
    """How many rows of a shard were dropped for each reason, as "filter: reason"."""
    dropped: Counter[str] = Counter()
    for count in record.counts:
        if count.verdict == DROPPED:
            dropped[f"{count.filter}: {count.reason}"] += count.rows
    return dict(dropped)
