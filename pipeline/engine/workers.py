"""The workers of a run: processes on a Ray cluster that carry out one job after the other."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayActorError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from sayso.manifests.errors import SaysoError
from sayso.manifests.killing_rows import KillingRow
from sayso.manifests.lease import Claim, LeaseLost
from sayso.manifests.ledger import Ledger
from sayso.manifests.plugins import Plugin, installed_plugins
from sayso.manifests.records import Record
from sayso.pipeline.engine.groups import carry_out_group
from sayso.pipeline.engine.search import Suspect, confirm_suspects, find_suspects
from sayso.stages.jobs.code_version import source_version
from sayso.stages.jobs.job import Job, RowsJob

# How many workers in a row may end before they have started.
FAILED_STARTS = 3


class NoWorker(SaysoError):
    """Raised when workers end before they have started, or one is unlike this machine; says where, and what to do."""


@dataclass(frozen=True)
class Introduction:
    """What a worker says of itself before it gets a job."""

    host: str
    process: int
    node: str
    source: str
    plugins: tuple[Plugin, ...]
    sees_run: bool


class WorkerProcess:
    """A process that keeps its models in memory from job to job."""

    def introduce(self, root: str, claim: Claim | None) -> Introduction:
        try:
            Ledger(root, claim).check_claim()
            sees_run = True
        except LeaseLost:
            sees_run = False
        node = ray.get_runtime_context().get_node_id()
        return Introduction(socket.gethostname(), os.getpid(), node, source_version(), installed_plugins(), sees_run)

    def carry_out(
        self, root: str, claim: Claim | None, group: Sequence[tuple[Job, Sequence[KillingRow]]]
    ) -> list[Record]:
        return carry_out_group(Ledger(root, claim), group)

    def find_suspects(self, root: str, claim: Claim | None, job: RowsJob) -> list[Suspect]:
        return find_suspects(root, claim, job)

    def confirm_suspects(
        self, root: str, claim: Claim | None, job: RowsJob, suspects: Sequence[Suspect]
    ) -> list[Suspect]:
        return confirm_suspects(root, claim, job, suspects)

    # Must answer while a job is at work, so it has a thread of its own.
    @ray.method(concurrency_group="watch")
    def answer(self) -> None:
        return None


@dataclass(eq=False)
class Worker:
    """A worker that has started."""

    actor: Any
    place: Introduction
    has_worked: bool = False

    def __str__(self) -> str:
        return f"process {self.place.process} on {self.place.host}"

    @property
    def node(self) -> str:
        """The id of its machine in the cluster."""
        return self.place.node

    @property
    def machine_is_there(self) -> bool:
        """Whether its machine is still part of the cluster, as far as Ray knows by now."""
        return any(node["Alive"] and node["NodeID"] == self.node for node in ray.nodes())


class WorkerPool:
    """As many workers of one kind as there is room for, of those that are wanted.

    A worker gets jobs once it has started: a cluster may have room for fewer than are asked for, or get it later. One
    that ends is replaced by a new one, wherever there is room.
    """

    def __init__(self, count: int, gpus: float) -> None:
        self.gpus = gpus
        self.workers: list[Worker] = []
        self._starting: dict[Any, Any] = {}
        self._restarting: dict[Any, str] = {}
        self._unstarted = count
        self._failed_starts = 0

    def start_missing(self, root: str, claim: Claim | None) -> None:
        """Ask for the workers that are not there yet."""
        for _ in range(self._unstarted):
            self._start(root, claim)
        self._unstarted = 0

    def _start(self, root: str, claim: Claim | None, **where: Any) -> Any:
        options: dict[str, Any] = {"num_cpus": 1, "num_gpus": self.gpus, "concurrency_groups": {"watch": 1}}
        actor: Any = ray.remote(**options, **where)(WorkerProcess)
        started = actor.remote()
        reference = started.introduce.remote(root, claim)
        self._starting[reference] = started
        return reference

    @property
    def starting(self) -> list[Any]:
        """One reference for each worker that was asked for; it is ready when `admit` can be called with it."""
        return list(self._starting)

    @property
    def nodes(self) -> set[str]:
        """The machines with workers, those of workers that start anew included."""
        return {*(worker.node for worker in self.workers), *self._restarting.values()}

    def admit(self, reference: Any, root: str) -> Worker | None:
        """The worker that has started, or None where it ended; then another one is missing.

        Raises NoWorker where too many ended one after the other, or it is unlike this machine: its work would be filed
        under the code of this one.
        """
        actor = self._starting.pop(reference)
        self._restarting.pop(reference, None)
        try:
            place: Introduction = ray.get(reference)
        except RayActorError as error:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise NoWorker(f"workers cannot start: {first_line(error)}") from error
            self._unstarted += 1
            return None
        self._failed_starts = 0
        worker = Worker(actor, place)
        if fault := _unlike_here(place, root):
            raise NoWorker(f"{worker} {fault}")
        self.workers.append(worker)
        return worker

    def replace(self, worker: Worker) -> None:
        """Count a worker as missing that has ended, or that should."""
        self.workers.remove(worker)
        self._unstarted += 1
        ray.kill(worker.actor)

    def restart(self, worker: Worker, root: str, claim: Claim | None) -> None:
        """End a worker and start another in its place, on its machine if that is still there."""
        self.workers.remove(worker)
        ray.kill(worker.actor)
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
        for actor in [*(worker.actor for worker in self.workers), *self._starting.values()]:
            ray.kill(actor)


def _kill(process: int) -> None:
    """End a process of this machine, if it is still the worker."""
    with suppress(OSError):
        if b"WorkerProcess" in Path(f"/proc/{process}/cmdline").read_bytes():
            os.kill(process, signal.SIGKILL)


def _unlike_here(place: Introduction, root: str) -> str | None:
    """What is wrong with a worker's machine, and what to do; None where nothing is."""
    if not place.sees_run:
        return f"does not see the run in {root} as this machine does; name a folder that all machines share, or a store"
    if place.source != source_version():
        return "has another sayso than this machine; install the same version on all machines"
    here = installed_plugins()
    if place.plugins == here:
        return None
    missing = [plugin for plugin in here if plugin not in place.plugins]
    other = (
        f"lacks {missing[0]} as it is" if missing else f"has {min(set(place.plugins) - {*here}, key=str)}, which is not"
    )
    return f"{other} on this machine; install the same packages on all machines"


def first_line(error: Exception) -> str:
    """An error in one line; a foreign one with its type, which it needs to mean something."""
    text = str(error).strip()
    if isinstance(error, SaysoError):
        return text
    return f"{type(error).__name__}: {text.splitlines()[0] if text else ''}"
