"""Hands jobs out to the workers of a pool, a group for each at a time, and hands their records back."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import ray
from ray.exceptions import RayActorError, RayTaskError

from sayso.manifests.killing_rows import known_killing_rows
from sayso.manifests.lease import LeaseLost
from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.pipeline.engine.groups import GroupSize
from sayso.pipeline.engine.head import Head
from sayso.pipeline.engine.pool import WorkerPool
from sayso.pipeline.engine.search import Suspect
from sayso.pipeline.engine.task import JobFailed, Task, start
from sayso.pipeline.engine.watch import Watch
from sayso.pipeline.engine.workers import Worker, first_line
from sayso.pipeline.resources import Resources
from sayso.stages.jobs.job import Job
from sayso.stages.sources.stores import SourceError


class Stalled(RuntimeWarning):
    """What the watchdog says: that nothing has finished for a long time, or a worker was lost."""


@dataclass(frozen=True)
class AtWork:
    """A worker and what it was given: several jobs to carry out in turn, or one that has been in trouble."""

    worker: Worker
    tasks: Sequence[Task]
    since: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        others = f" and {len(self.tasks) - 1} after it" if len(self.tasks) > 1 else ""
        return f"{self.tasks[0]}{others} ({self.worker})"


class Dispatch:
    """Some jobs of a run on their way through a pool's workers."""

    def __init__(self, pool: WorkerPool, ledger: Ledger, jobs: Sequence[Job], resources: Resources) -> None:
        self._pool, self._ledger = pool, ledger
        self._root, self._claim = ledger.storage.root, ledger.claim
        self._head = Head.of_this_ray()
        self._watch = Watch(resources.silent_seconds)
        self._silent_seconds, self._stall_seconds = resources.silent_seconds, resources.stall_seconds
        self._killing = known_killing_rows(ledger)
        self._waiting, self._free = list(reversed(jobs)), list(pool.workers)
        # Jobs at which workers came to their end.
        self._troubled: list[Task] = []
        self._at_work: dict[Any, AtWork] = {}
        self._group_size = GroupSize()
        self._heard = time.monotonic()

    def answers(self) -> Iterator[Record | DamagedShard | Stalled]:
        """The record of each job as it comes, what it found damaged, and what is to be told.

        Raises JobFailed, SourceError, LeaseLost, NoWorker or ClusterGone.
        """
        while self._waiting or self._troubled or self._at_work:
            self._fit_pool()
            self._hand_out()
            yield from self._answered()
            self._head.check(at_once=False)
            yield from self._fell_silent()
            if time.monotonic() - self._heard > self._stall_seconds:
                self._heard = time.monotonic()
                yield Stalled(self._stall_message())
        self._fit_pool()

    def _fit_pool(self) -> None:
        left = len(self._waiting) + len(self._troubled) + len(self._at_work)
        for worker in self._pool.fit(left, self._free, self._root, self._claim):
            self._free.remove(worker)

    def _hand_out(self) -> None:
        while self._waiting and self._free:
            size = self._group_size.next(len(self._waiting), len(self._pool.workers))
            self._start([self._task(self._waiting.pop()) for _ in range(size)], self._free.pop())
        # The others first: it may be the job that its workers died of.
        for task in [] if self._waiting else list(self._troubled):
            worker = task.choose(self._free, self._pool.nodes, bool(self._pool.starting))
            if worker is None:
                continue
            self._free.remove(worker)
            if task.needs_fresh_worker and worker.has_worked:
                self._pool.restart(worker, self._root, self._claim)
            else:
                self._troubled.remove(task)
                self._start([task], worker)

    def _task(self, job: Job) -> Task:
        return Task(job, tuple(row for row in self._killing if row.key == job.key))

    def _start(self, tasks: Sequence[Task], worker: Worker) -> None:
        self._at_work[start(tasks, worker, self._root, self._claim)] = AtWork(worker, tasks)

    def _answered(self) -> Iterator[Record | DamagedShard | Stalled]:
        """Waits a while for an answer, or for a worker that starts."""
        awaited = [*self._at_work, *self._pool.starting]
        ready, _ = ray.wait(awaited, num_returns=1, timeout=min(5.0, self._stall_seconds, self._watch.interval))
        for reference in ready:
            self._heard = time.monotonic()
            if reference not in self._at_work:
                came = self._pool.admit(reference)
                if isinstance(came, str):
                    yield Stalled(came)
                elif came:
                    self._free.append(came)
                continue
            ended = self._at_work.pop(reference)
            try:
                answers = _result(reference, ended.tasks[0])
            except RayActorError as error:
                self._pool.replace(ended.worker)
                yield from self._lost(ended, _cause_of_death(error), error.preempted)
                continue
            ended.worker.free_since = time.monotonic()
            self._free.append(ended.worker)
            yield from self._took_in(ended, answers)

    def _took_in(self, ended: AtWork, answers: Sequence[Any]) -> Iterator[Record | DamagedShard | Stalled]:
        first = ended.tasks[0]
        if first.step != "carry out" and not any(isinstance(answer, DamagedShard) for answer in answers):
            self._troubled.append(first)
            yield Stalled(first.found(ended.worker, answers, self._ledger))
            return
        self._group_size.took(len(answers), time.monotonic() - ended.since)
        self._put_back(ended.tasks[len(answers) :])
        yield from answers

    def _put_back(self, tasks: Sequence[Task]) -> None:
        """Let jobs that were not begun be the next ones."""
        self._waiting += [task.job for task in reversed(tasks)]

    def _fell_silent(self) -> Iterator[Record | Stalled]:
        silent = self._watch.silent([one.worker for one in self._at_work.values()])
        for reference, lost in list(self._at_work.items()):
            if lost.worker in silent:
                del self._at_work[reference]
                self._pool.kill(lost.worker)
                yield from self._lost(lost, f"gave no sign of life for {self._silent_seconds:g} s", False)

    def _lost(self, lost: AtWork, cause: str, is_preempted: bool) -> Iterator[Record | Stalled]:
        """The records of those jobs of a worker that is gone that are there all the same; the others go on to another.

        It did them in turn, so the first without a record is the one that it was at.
        """
        self._head.check(at_once=True)
        for number, task in enumerate(lost.tasks):
            key = task.job.key
            record = self._ledger.find_record(key.stage, key.shard)
            if record and record.key == key:
                yield record
                continue
            self._troubled.append(task)
            self._put_back(lost.tasks[number + 1 :])
            counts = lost.worker.machine_is_there and not is_preempted
            yield Stalled(task.lost(lost.worker, cause, counts))
            return

    def _stall_message(self) -> str:
        silence = f"nothing has finished for {self._stall_seconds:g} s"
        if not self._at_work:
            there = ray.cluster_resources()
            return (
                f"{silence}: no worker has started, and each needs {self._pool.kind}; the cluster has "
                f"{there.get('CPU', 0):g} CPU and {there.get('GPU', 0):g} GPU in all, which others may be using"
            )
        return f"{silence}; at work: {', '.join(map(str, self._at_work.values()))}"


def _result(reference: Any, task: Task) -> Sequence[Record | DamagedShard] | Sequence[Suspect]:
    """What the jobs of a worker came to, of which this one is the first, or the rows of it that ended a process.

    Raises RayActorError where the worker died.
    """
    try:
        answers: list[Record] | list[Suspect] = ray.get(reference)
    except RayTaskError as error:
        cause = error.cause if isinstance(error.cause, Exception) else error
        if isinstance(cause, DamagedShard):
            return [cause]
        if isinstance(cause, SourceError | LeaseLost):
            # It says what to do; which job came upon it does not matter.
            raise cause from None
        raise JobFailed(f"{task}: {first_line(cause)}") from cause
    return answers


def _cause_of_death(error: RayActorError) -> str:
    # Ray's own guard says so in many lines; of other ends it can only list what might have been.
    return "was ended, for its machine ran short of memory" if "memory" in str(error).split("(1)")[0] else "died"
