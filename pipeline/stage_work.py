"""Stages of a run on their way: one, or one and another that follows it shard by shard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.pipeline.engine.queue import JobQueue
from sayso.pipeline.finished_shards import FinishedShards, PlannedShard
from sayso.pipeline.progress import RunProgress
from sayso.pipeline.stage_table import Stage
from sayso.stages.jobs.job import Job

# The jobs of a stage that follow from some records of the one that it follows.
PlanAfter = Callable[[Stage, Sequence[Record]], Sequence[Job]]


class StageWork:
    """The shards of a stage by name, with the queue of those that are to do. They may be planned one after the other.

    `after`: the stage that it follows, whose shards are called the same. `unplanned`: what is done of that one, and not
    yet followed. `found`: how many shards were found done. `rows`: those of all that are done.
    """

    def __init__(self, stage: Stage, shards: Sequence[str], after: StageWork | None = None) -> None:
        self.stage, self.shards, self.after = stage, tuple(shards), after
        follows = after.queue if after else None
        self.queue: JobQueue = JobQueue("speech" if stage.needs_gpu else "text", follows=follows)
        self.unplanned: list[Record] = []
        self.planned = self.found = self.rows = 0
        self._done: dict[str, Record] = {}
        self._codes: set[str] = set()

    def take_up(self, planned: Iterable[PlannedShard]) -> None:
        """Put what is to do into the queue, and what is done to the records."""
        for shard in planned:
            self.planned += 1
            self._codes.add(shard.job.key.code)
            if shard.finished:
                self.found += 1
                self.add(shard.finished)
            else:
                self.queue.add([shard.job])

    def add(self, record: Record) -> None:
        """One of the shards is done."""
        self._done[record.key.shard] = record
        self.rows += record.rows_in

    @property
    def done(self) -> int:
        """How many shards are done."""
        return len(self._done)

    @property
    def is_done(self) -> bool:
        """Whether all of them are."""
        return len(self._done) == len(self.shards)

    @property
    def is_to_be_planned(self) -> bool:
        """Whether what is unplanned should be, at once: nothing waits, or it is as much again as was planned, or all.

        To plan many at a time takes fewer looks at what lies in a store.
        """
        if not self.unplanned or self.after is None:
            return False
        return not len(self.queue) or len(self.unplanned) >= self.planned or self.after.queue.is_over

    @property
    def records(self) -> list[Record]:
        """Those of the shards that are done, in the order of the plan."""
        return [self._done[shard] for shard in self.shards if shard in self._done]

    @property
    def code(self) -> str:
        """The version of the code that planned them; empty where none is planned, or not all by the same."""
        return next(iter(self._codes)) if len(self._codes) == 1 else ""


class StagesAtOnce:
    """Takes in what comes of the shards of some stages, and plans what follows from each.

    `damaged`: what was found so, to be made anew when all else is done.
    """

    def __init__(
        self,
        works: Sequence[StageWork],
        shards: FinishedShards,
        plan: PlanAfter,
        progress: RunProgress,
    ) -> None:
        self._works, self._shards, self._plan, self._progress = works, shards, plan, progress
        # One look for each stage, and not one for each shard.
        self._recorded = {work: shards.recorded(work.stage.name) for work in works if work.after}
        self._told: set[StageWork] = set()
        self.damaged: dict[tuple[str, str], DamagedShard] = {}

    def begin(self) -> None:
        """Tell what there is to do, with what follows from that which was done before."""
        for work in self._works:
            work.unplanned = work.after.records if work.after else []
            self._follow(work)
            self._tell_planned(work)
        self._tell_finished()

    def take_in(self, answer: Record | DamagedShard) -> None:
        """One shard is done, or one that it reads is damaged, which is made anew when all else is done."""
        if isinstance(answer, DamagedShard):
            self.damaged[answer.stage, answer.shard] = answer
        else:
            self._add(answer)
        for work in self._works:
            found = work.found
            if work.is_to_be_planned:
                self._follow(work)
            if work.found > found:
                self._tell_planned(work)
        self._tell_finished()

    def _add(self, record: Record) -> None:
        done = next(work for work in self._works if work.stage.name == record.key.stage)
        self._shards.add(record)
        done.add(record)
        self._progress.shard_done(record)
        for work in self._works:
            if work.after is done:
                work.unplanned.append(record)

    def _follow(self, work: StageWork) -> None:
        """Plan what follows from shards that are done."""
        done, work.unplanned = work.unplanned, []
        if not done:
            return
        try:
            planned = self._shards.look_up(self._plan(work.stage, done), self._recorded[work])
        except DamagedShard as damage:
            self.damaged[damage.stage, damage.shard] = damage
            if len(done) > 1:
                for one in done:
                    work.unplanned = [one]
                    self._follow(work)
            return
        take_up(work, planned, self._shards, self._progress)

    def _tell_planned(self, work: StageWork) -> None:
        if work.shards:
            self._progress.stage_planned(work.stage.name, len(work.shards), work.done, work.rows)

    def _tell_finished(self) -> None:
        for work in self._works:
            if work.is_done and work.shards and work not in self._told:
                self._told.add(work)
                self._progress.stage_finished(work.stage.name)


def take_up(work: StageWork, planned: Sequence[PlannedShard], shards: FinishedShards, progress: RunProgress) -> None:
    """Let shards of a stage be done that are not; those of them that are damaged are done anew."""
    for shard in planned:
        if shard.damage:
            repair(shard.damage, shards, progress)
    work.take_up(planned)


def repair(damage: DamagedShard, shards: FinishedShards, progress: RunProgress) -> None:
    """Let a damaged shard be made anew. Raises StorageError where that is no use."""
    shards.repair(damage)
    progress.damaged(f"{damage}; it is made anew, and what follows from it")
