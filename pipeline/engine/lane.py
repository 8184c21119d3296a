"""The jobs that go through the workers of one pool: tried by one, and by another where that one is lost."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import ray
from ray.exceptions import RayActorError, RayTaskError

from sayso.manifests.killing_rows import KillingRow, known_killing_rows
from sayso.manifests.lease import LeaseLost
from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.pipeline.engine.head import Head
from sayso.pipeline.engine.pool import WorkerPool
from sayso.pipeline.engine.queue import JobQueue
from sayso.pipeline.engine.search import Suspect
from sayso.pipeline.engine.task import JobFailed, Task, start
from sayso.pipeline.engine.workers import Worker, first_line
from sayso.stages.jobs.job import Job
from sayso.stages.sources.stores import SourceError


@dataclass(frozen=True)
class AtWork:
    """A worker and what it was given: several jobs to carry out in turn, or one that has been in trouble."""

    worker: Worker
    queue: JobQueue
    tasks: Sequence[Task]
    since: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        others = f" and {len(self.tasks) - 1} after it" if len(self.tasks) > 1 else ""
        return f"{self.tasks[0]}{others} ({self.worker})"


class Lane:
    """A pool, and the queues that its workers take jobs from: from the first that has some.

    What is told of a job on its way comes as text, beside its record or the damage that it found.
    """

    def __init__(self, pool: WorkerPool, queues: Sequence[JobQueue], ledger: Ledger, head: Head) -> None:
        self._pool, self._queues = pool, queues
        self._ledger, self._head = ledger, head
        self._root, self._claim = ledger.storage.root, ledger.claim
        self._killing = known_killing_rows(ledger)
        self._free = list(pool.workers)
        self._at_work: dict[Any, AtWork] = {}
        # Jobs at which workers came to their end, and where they are from.
        self._troubled: dict[Task, JobQueue] = {}
        self._heard = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether all jobs of its queues are done, and no more can come."""
        return all(queue.is_over for queue in self._queues)

    @property
    def awaited(self) -> list[Any]:
        """What Ray is to be asked about: the references of workers at work, and of those that start."""
        return [*self._at_work, *self._pool.starting]

    @property
    def workers_at_work(self) -> list[Worker]:
        """Those that have something to do."""
        return [one.worker for one in self._at_work.values()]

    def fit_pool(self) -> None:
        """Ask for the workers that there is something to do for, and let the others go."""
        for worker in self._pool.fit(sum(queue.left for queue in self._queues), self._free, self._root, self._claim):
            self._free.remove(worker)

    def hand_out(self) -> None:
        """Give every free worker what there is to do."""
        for queue in self._queues:
            while len(queue) and self._free:
                tasks = [self._task(job) for job in queue.take(len(self._pool.workers))]
                self._start(self._free.pop(), queue, tasks)
        # The others first: it may be the job that its workers died of.
        for task, queue in [] if any(map(len, self._queues)) else list(self._troubled.items()):
            worker = task.choose(self._free, self._pool.nodes, bool(self._pool.starting))
            if worker is None:
                continue
            self._free.remove(worker)
            if task.needs_fresh_worker and worker.has_worked:
                self._pool.restart(worker, self._root, self._claim)
            else:
                del self._troubled[task]
                self._start(worker, queue, [task])

    def _task(self, job: Job) -> Task:
        return Task(job, _of_job(self._killing, job))

    def _start(self, worker: Worker, queue: JobQueue, tasks: Sequence[Task]) -> None:
        self._at_work[start(tasks, worker, self._root, self._claim)] = AtWork(worker, queue, tasks)

    def take_in(self, reference: Any) -> Iterator[Record | DamagedShard | str]:
        """What came of one of those that were awaited. Raises JobFailed, SourceError, LeaseLost or NoWorker."""
        self._heard = time.monotonic()
        if reference not in self._at_work:
            came = self._pool.admit(reference)
            if isinstance(came, str):
                yield came
            elif came:
                self._free.append(came)
            return
        ended = self._at_work.pop(reference)
        try:
            answers = _result(reference, ended.tasks[0])
        except RayActorError as error:
            self._pool.replace(ended.worker)
            yield from self._lost(ended, _cause_of_death(error), error.preempted)
            return
        ended.worker.free_since = time.monotonic()
        self._free.append(ended.worker)
        first = ended.tasks[0]
        if first.step != "carry out" and not any(isinstance(answer, DamagedShard) for answer in answers):
            self._troubled[first] = ended.queue
            yield first.found(ended.worker, [one for one in answers if isinstance(one, Suspect)], self._ledger)
            return
        ended.queue.group_size.took(len(answers), time.monotonic() - ended.since)
        ended.queue.put_back(task.job for task in ended.tasks[len(answers) :])
        for answer in answers:
            ended.queue.done()
            assert not isinstance(answer, Suspect)
            yield answer

    def end_silent(self, silent: Collection[Worker], seconds: float) -> Iterator[Record | str]:
        """End those workers that gave no sign of life for so long, and let others do what they had to do."""
        for reference, lost in list(self._at_work.items()):
            if lost.worker in silent:
                del self._at_work[reference]
                self._pool.kill(lost.worker)
                yield from self._lost(lost, f"gave no sign of life for {seconds:g} s", False)

    def _lost(self, lost: AtWork, cause: str, is_preempted: bool) -> Iterator[Record | str]:
        """The records of those jobs of a worker that is gone that are there all the same; the others go on to another.

        It did them in turn, so the first without a record is the one that it was at.
        """
        self._head.check(at_once=True)
        for number, task in enumerate(lost.tasks):
            key = task.job.key
            record = self._ledger.find_record(key.stage, key.shard)
            if record and record.key == key:
                lost.queue.done()
                yield record
                continue
            self._troubled[task] = lost.queue
            lost.queue.put_back(after.job for after in lost.tasks[number + 1 :])
            counts = lost.worker.machine_is_there and not is_preempted
            yield task.lost(lost.worker, cause, counts)
            return

    def stall(self, seconds: float) -> str | None:
        """What to tell where nothing has finished for so long though there is something to do; else None."""
        if not self._at_work and not self._troubled and not any(map(len, self._queues)):
            self._heard = time.monotonic()
        if time.monotonic() - self._heard <= seconds:
            return None
        self._heard = time.monotonic()
        silence = f"nothing has finished for {seconds:g} s"
        if not self._at_work:
            there = ray.cluster_resources()
            return (
                f"{silence}: no worker has started, and each needs {self._pool.kind}; the cluster has "
                f"{there.get('CPU', 0):g} CPU and {there.get('GPU', 0):g} GPU in all, which others may be using"
            )
        return f"{silence}; at work: {', '.join(map(str, self._at_work.values()))}"


def _of_job(killing: Iterable[KillingRow], job: Job) -> tuple[KillingRow, ...]:
    return tuple(row for row in killing if row.key == job.key)


def _result(reference: Any, task: Task) -> Sequence[Record | DamagedShard | Suspect]:
    """What the jobs of a worker came to, of which this one is the first, or the rows of it that ended a process.

    Raises RayActorError where the worker died.
    """
    try:
        answers: list[Record | DamagedShard | Suspect] = ray.get(reference)
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
