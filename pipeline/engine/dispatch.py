"""Hands jobs out to the workers of a pool, a bounded number at a time, and hands their records back."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import ray
from ray.exceptions import RayActorError, RayTaskError

from sayso.manifests.killing_rows import known_killing_rows
from sayso.manifests.lease import LeaseLost
from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.pipeline.engine.head import Head
from sayso.pipeline.engine.search import Suspect
from sayso.pipeline.engine.task import JobFailed, Task
from sayso.pipeline.engine.watch import Watch
from sayso.pipeline.engine.workers import Worker, WorkerPool, first_line
from sayso.pipeline.recipe import Resources
from sayso.stages.jobs.job import Job
from sayso.stages.sources.stores import SourceError


class Stalled(RuntimeWarning):
    """What the watchdog says: that nothing has finished for a long time, or a worker was lost."""


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
        self._flying: dict[Any, tuple[Task, Worker]] = {}
        self._heard = time.monotonic()

    def answers(self) -> Iterator[Record | DamagedShard | Stalled]:
        """The record of each job as it comes, what it found damaged, and what is to be told.

        Raises JobFailed, SourceError, LeaseLost, NoWorker or ClusterGone.
        """
        while self._waiting or self._troubled or self._flying:
            self._pool.start_missing(self._root, self._claim)
            self._hand_out()
            yield from self._answered()
            self._head.check(at_once=False)
            yield from self._fell_silent()
            if time.monotonic() - self._heard > self._stall_seconds:
                self._heard = time.monotonic()
                yield Stalled(self._stall_message())

    def _hand_out(self) -> None:
        while self._waiting and self._free:
            job = self._waiting.pop()
            self._start(Task(job, tuple(row for row in self._killing if row.key == job.key)), self._free.pop())
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
                self._start(task, worker)

    def _start(self, task: Task, worker: Worker) -> None:
        self._flying[task.start(worker, self._root, self._claim)] = (task, worker)

    def _answered(self) -> Iterator[Record | DamagedShard | Stalled]:
        """Waits a while for an answer, or for a worker that starts."""
        awaited = [*self._flying, *self._pool.starting]
        ready, _ = ray.wait(awaited, num_returns=1, timeout=min(5.0, self._stall_seconds, self._watch.interval))
        for reference in ready:
            self._heard = time.monotonic()
            if reference not in self._flying:
                worker = self._pool.admit(reference, self._root)
                self._free += [worker] if worker else []
                continue
            task, worker = self._flying.pop(reference)
            try:
                answer = _result(reference, task)
            except RayActorError as error:
                self._pool.replace(worker)
                yield self._lost(task, worker, _cause_of_death(error), error.preempted)
                continue
            self._free.append(worker)
            if isinstance(answer, list):
                self._troubled.append(task)
                yield Stalled(task.found(worker, answer, self._ledger))
            else:
                yield answer

    def _fell_silent(self) -> Iterator[Record | Stalled]:
        silent = self._watch.silent([worker for _, worker in self._flying.values()])
        for reference, (task, worker) in list(self._flying.items()):
            if worker in silent:
                del self._flying[reference]
                self._pool.kill(worker)
                yield self._lost(task, worker, f"gave no sign of life for {self._silent_seconds:g} s", False)

    def _lost(self, task: Task, worker: Worker, cause: str, is_preempted: bool) -> Record | Stalled:
        """The record of a job whose worker is gone, if it is there all the same; else it goes on to another."""
        self._head.check(at_once=True)
        key = task.job.key
        record = self._ledger.find_record(key.stage, key.shard)
        if record and record.key == key:
            return record
        self._troubled.append(task)
        return Stalled(task.lost(worker, cause, worker.machine_is_there and not is_preempted))

    def _stall_message(self) -> str:
        silence = f"nothing has finished for {self._stall_seconds:g} s"
        if not self._flying:
            there = ray.cluster_resources()
            return (
                f"{silence}: no worker has started, and each needs 1 CPU and {self._pool.gpus:g} GPU; the cluster has "
                f"{there.get('CPU', 0):g} CPU and {there.get('GPU', 0):g} GPU in all, which others may be using"
            )
        return f"{silence}; at work: {', '.join(f'{task} ({worker})' for task, worker in self._flying.values())}"


def _result(reference: Any, task: Task) -> Record | DamagedShard | list[Suspect]:
    """What a job came to, or the rows of it that ended a process. Raises RayActorError where its worker died."""
    try:
        answer: Record | list[Suspect] = ray.get(reference)
    except RayTaskError as error:
        cause = error.cause if isinstance(error.cause, Exception) else error
        if isinstance(cause, DamagedShard):
            return cause
        if isinstance(cause, SourceError | LeaseLost):
            # It says what to do; which job came upon it does not matter.
            raise cause from None
        raise JobFailed(f"{task}: {first_line(cause)}") from cause
    return answer


def _cause_of_death(error: RayActorError) -> str:
    # Ray's own guard says so in many lines; of other ends it can only list what might have been.
    return "was ended, for its machine ran short of memory" if "memory" in str(error).split("(1)")[0] else "died"
