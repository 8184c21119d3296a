"""The workers of one kind that a run has on a cluster: as many as there is use and room for, and no more."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayActorError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from sayso.manifests.errors import SaysoError
from sayso.manifests.lease import Claim
from sayso.pipeline.engine.door import Installed, Introduction, fault
from sayso.pipeline.engine.machines import Machines, WorkerKind
from sayso.pipeline.engine.worker_process import WorkerProcess
from sayso.pipeline.engine.workers import Worker, first_line

# How many workers in a row may end before they have started.
FAILED_STARTS = 3
# How many are asked for beyond those that there is room for, where that is more than to ask for as many again: machines
# that come by themselves come when workers wait for them.
AHEAD = 8
# Seconds for which a worker without a GPU that has nothing to do is kept, or waited for: the next stage may need it.
# One with a GPU is let go at once.
LINGER = 30.0


class NoWorker(SaysoError):
    """Raised when workers end before they have started, or all are unlike this machine; says where, and what to do."""


Count = Callable[[int], int]


def all_at_once(kind: WorkerKind, machines: Machines) -> Count:
    """How many workers there should be on a machine of our own: as many as have room, whatever there is to do."""
    return lambda jobs: kind.most or machines.room(kind)


def as_needed(kind: WorkerKind, machines: Machines) -> Count:
    """How many workers there should be on a cluster for so many jobs that are left: never more than these.

    Where the recipe does not say how many, it is those that there is room for, and some more, for machines that are
    started because workers wait. But those that only keep off GPUs wait for none beyond a first machine: an autoscaler
    that has no other machine to start would start one with a GPU for them. A label tells it which it may start.
    """

    def count(jobs: int) -> int:
        room = machines.room(kind)
        waiting = int(not room) if kind.keeps_off_gpus else max(room, AHEAD)
        return min(jobs, kind.most or room + waiting)

    return count


class WorkerPool:
    """As many workers of one kind as `count` says, of which those are at work that have room.

    A worker gets jobs once it has started: a cluster may have room for fewer than are asked for, or get it later. One
    that ends is replaced by a new one, wherever there is room.
    """

    def __init__(
        self, kind: WorkerKind, machines: Machines, count: Count, here: Installed, computes_on_gpu: bool
    ) -> None:
        """`here`: what this machine has installed, and what theirs must have. `computes_on_gpu`: whether torch must
        find a GPU there."""
        self.kind, self._machines, self._count, self._here = kind, machines, count, here
        self._looks_for_gpu = computes_on_gpu and bool(kind.gpus)
        self.workers: list[Worker] = []
        self._starting: dict[Any, tuple[Any, float]] = {}
        self._restarting: dict[Any, str] = {}
        self._failed_starts = 0
        self._beside: WorkerKind | None = None

    def leave_room_for(self, other: WorkerKind | None) -> None:
        """From now on leave the room of workers of another kind to them, but for one worker if there is no more."""
        self._beside = other

    def fit(self, jobs: int, free: Collection[Worker], root: str, claim: Claim | None) -> list[Worker]:
        """Ask for the workers that so many jobs have use for, and let those go that nobody needs.

        `free`: workers without a job. Returns those of them that are no more.
        """
        avoided = self._machines.avoided(self.kind)
        gone = [worker for worker in free if worker.node in avoided]
        for worker in gone:
            self.replace(worker)
        gone += self._make_room([worker for worker in free if worker not in gone])
        missing = self._wanted(jobs) - len(self.workers) - len(self._starting)
        for _ in range(missing):
            self._start(root, claim, label_selector=self._machines.selector(self.kind))
        return gone + self._let_go(-missing, [worker for worker in free if worker not in gone])

    def _wanted(self, jobs: int) -> int:
        if self._beside is None:
            return self._count(jobs)
        room = sum(self._machines.room_beside(self.kind, self._beside).values())
        return min(jobs, self._count(jobs), max(1, room))

    def _make_room(self, free: Collection[Worker]) -> list[Worker]:
        """End workers without a job where they take the room of others. Returns them."""
        if self._beside is None:
            return []
        too_many = Counter(worker.node for worker in self.workers)
        too_many.subtract(self._machines.room_beside(self.kind, self._beside))
        gone = []
        for worker in free:
            if too_many[worker.node] > 0 and len(self.workers) > 1:
                too_many[worker.node] -= 1
                self.replace(worker)
                gone.append(worker)
        return gone

    @property
    def _linger(self) -> float:
        """Seconds for which workers that nobody needs are kept."""
        return 0.0 if self.kind.gpus or self._beside else LINGER

    def _let_go(self, too_many: int, free: Collection[Worker]) -> list[Worker]:
        """Let so many go of those that were not needed for a while; first who has not started. Returns the others."""
        if too_many <= 0:
            return []
        since = time.monotonic() - self._linger
        waited_for = [reference for reference, (_, asked) in self._starting.items() if asked <= since]
        for reference in waited_for[-too_many:]:
            self._restarting.pop(reference, None)
            ray.kill(self._starting.pop(reference)[0])
        too_many -= len(waited_for[-too_many:])
        idle = [worker for worker in free if worker.free_since <= since][:too_many]
        for worker in idle:
            self.replace(worker)
        return idle

    def _start(self, root: str, claim: Claim | None, **where: Any) -> Any:
        options: dict[str, Any] = {**self.kind.options, "concurrency_groups": {"watch": 1}, **where}
        actor: Any = ray.remote(**options)(WorkerProcess)
        started = actor.remote()
        shown, packages = claim and claim.model_dump(), list(self._here.packages)
        asked = started.introduce.remote(root, shown, packages, self._looks_for_gpu)
        self._starting[asked] = (started, time.monotonic())
        return asked

    @property
    def starting(self) -> list[Any]:
        """One reference for each worker that was asked for; it is ready when `admit` can be called with it."""
        return list(self._starting)

    @property
    def nodes(self) -> set[str]:
        """The machines with workers, those of workers that start anew included."""
        return {*(worker.node for worker in self.workers), *self._restarting.values()}

    def admit(self, reference: Any) -> Worker | str | None:
        """The worker that has started, or what to tell where it is unlike this machine and was sent away.

        None where it ended, or is where it should not be; then another is missing, too. Raises NoWorker where too many
        ended one after the other, or the one that is sent away leaves none on any other machine.
        """
        actor, _ = self._starting.pop(reference)
        self._restarting.pop(reference, None)
        try:
            place = Introduction.of(ray.get(reference))
        except RayActorError as error:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise NoWorker(f"workers cannot start: {first_line(error)}") from error
            return None
        self._failed_starts = 0
        worker = Worker(actor, place)
        if worker.node in self._machines.avoided(self.kind):
            ray.kill(actor)
            return None
        if found := fault(place, self._here):
            ray.kill(actor)
            return self._send_away(worker, found)
        self.workers.append(worker)
        return worker

    def _send_away(self, worker: Worker, found: str) -> str:
        self._machines.refuse(worker.node)
        if not self.workers and not self._machines.room(self.kind):
            raise NoWorker(f"{worker} {found}")
        return f"{worker} {found}; until then its machine gets no work"

    def replace(self, worker: Worker) -> None:
        """Count a worker as missing that has ended, or that should."""
        self.workers.remove(worker)
        ray.kill(worker.actor)

    def restart(self, worker: Worker, root: str, claim: Claim | None) -> None:
        """End a worker and start another in its place, on its machine if that is still there."""
        self.replace(worker)
        there = NodeAffinitySchedulingStrategy(worker.node, soft=True)
        self._restarting[self._start(root, claim, scheduling_strategy=there)] = worker.node

    def kill(self, worker: Worker) -> None:
        """End the process of a worker that does not answer, and count it as missing.

        One that was stopped does not hear that its actor is to end, and would keep the room of another worker.
        """
        self.replace(worker)
        on_its_machine = NodeAffinitySchedulingStrategy(worker.node, soft=False)
        kill: Any = ray.remote(num_cpus=0, max_retries=0)(_kill)
        kill.options(scheduling_strategy=on_its_machine).remote(worker.place.process)

    def end(self) -> None:
        """End all workers."""
        for actor in [*(worker.actor for worker in self.workers), *(actor for actor, _ in self._starting.values())]:
            ray.kill(actor)


def _kill(process: int) -> None:
    """End a process of this machine, if it is still the worker."""
    with suppress(OSError):
        if b"WorkerProcess" in Path(f"/proc/{process}/cmdline").read_bytes():
            os.kill(process, signal.SIGKILL)
