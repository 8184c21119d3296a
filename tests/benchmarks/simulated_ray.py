"""What the engine asks of Ray, on machines that are only reckoned with: a clock that goes on when somebody waits."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sayso.manifests.records import ShardKey
from sayso.pipeline.engine import groups
from sayso.pipeline.engine.door import DECIDING
from sayso.pipeline.engine.worker_process import what_is_installed

ENGINE = "sayso.pipeline.engine"
ASKING = ("dispatch", "engine", "lane", "machines", "pool", "watch")
TIMED = ("lane", "machines", "pool", "watch")


@dataclass(frozen=True)
class SimulatedJob:
    """A job that takes so many seconds; it stands for its record, too."""

    key: ShardKey
    seconds: float


@dataclass(eq=False)
class Reference:
    """An answer that is there from a time on, None where nobody knows yet."""

    at: float | None
    answer: Any = None


@dataclass(eq=False)
class Actor:
    """A worker: asked for, then at some time placed on a machine."""

    ray: SimulatedRay
    cpus: float
    gpus: float
    node: str = ""
    since: float = 0.0
    introduced: Reference = field(default_factory=lambda: Reference(None))

    def __getattr__(self, method: str) -> SimpleNamespace:
        return SimpleNamespace(remote=getattr(self, f"do_{method}"))

    def do_introduce(self, *_: object) -> Reference:
        return self.introduced

    def do_answer(self) -> Reference:
        return Reference(self.ray.now)

    def do_carry_out(self, root: str, claim: object, group: Sequence[tuple[SimulatedJob, object]]) -> Reference:
        """As `carry_out_group` does: the first, and the others while there is time."""
        done, seconds = [], 0.0
        for job, _ in group:
            if done and seconds > groups.SECONDS:
                break
            done.append(job)
            seconds += job.seconds
        self.ray.busy += seconds * self.gpus
        return Reference(self.ray.now + seconds, done)


class SimulatedRay:
    """A cluster of machines, each with processors and GPUs. `busy`, `held`: seconds of GPUs at work, and kept."""

    def __init__(self, machines: int, cpus: int, gpus: int, seconds_to_start: Mapping[str, float]) -> None:
        self.now = self.began = time.monotonic()
        self._free = {f"node-{number}": [float(cpus), float(gpus)] for number in range(machines)}
        self._nodes = [
            {"NodeID": name, "Alive": True, "Resources": {"CPU": cpus, "GPU": gpus}, "Labels": {"ray.io/node-id": name}}
            for name in self._free
        ]
        self._seconds_to_start = seconds_to_start
        self._installed = what_is_installed(DECIDING["speech"])
        self._asked: list[Actor] = []
        self._placed: set[Actor] = set()
        self.busy = self.held = 0.0

    def is_initialized(self) -> bool:
        return True

    def shutdown(self) -> None:
        for actor in list(self._placed):
            self.kill(actor)

    def nodes(self) -> list[dict[str, Any]]:
        return self._nodes

    def remote(self, **options: Any) -> Any:
        def ask() -> Actor:
            self._asked.append(Actor(self, options["num_cpus"], options["num_gpus"]))
            return self._asked[-1]

        return lambda _: SimpleNamespace(remote=ask)

    def kill(self, actor: Actor) -> None:
        if actor not in self._placed:
            self._asked.remove(actor)
            return
        self._placed.remove(actor)
        self.held += (self.now - actor.since) * actor.gpus
        self._take(actor, -1)

    def get(self, reference: Reference) -> Any:
        return reference.answer

    def wait(self, asked: Sequence[Reference], num_returns: int, timeout: float) -> tuple[list[Reference], None]:
        self._place()
        known = sorted((one for one in asked if one.at is not None), key=lambda one: one.at or 0.0)
        if known and known[0].at is not None and known[0].at <= self.now + timeout:
            self.now = max(self.now, known[0].at)
        else:
            self.now += timeout
        return [one for one in known if one.at is not None and one.at <= self.now][:num_returns], None

    def _place(self) -> None:
        full = set()
        for actor in list(self._asked):
            if (actor.cpus, actor.gpus) in full:
                continue
            free = (name for name, (cpus, gpus) in self._free.items() if cpus >= actor.cpus and gpus >= actor.gpus)
            actor.node = next(free, "")
            if not actor.node:
                full.add((actor.cpus, actor.gpus))
            else:
                self._asked.remove(actor)
                self._placed.add(actor)
                self._take(actor, 1)
                actor.since = self.now
                seconds = self._seconds_to_start["speech" if actor.gpus else "text"]
                actor.introduced.at = self.now + seconds
                actor.introduced.answer = {
                    "host": actor.node,
                    "process": 0,
                    "node": actor.node,
                    "installed": self._installed,
                }

    def _take(self, actor: Actor, sign: int) -> None:
        self._free[actor.node][0] -= sign * actor.cpus
        self._free[actor.node][1] -= sign * actor.gpus


@contextmanager
def in_place_of_ray(simulated: SimulatedRay) -> Iterator[None]:
    """Lets the engine work on simulated machines, by their clock, until the block ends."""
    clock = SimpleNamespace(monotonic=lambda: simulated.now)
    head = SimpleNamespace(check=lambda at_once: None)
    with ExitStack() as patches:
        for module in ASKING:
            patches.enter_context(patch(f"{ENGINE}.{module}.ray", simulated))
        for module in TIMED:
            patches.enter_context(patch(f"{ENGINE}.{module}.time", clock))
        patches.enter_context(patch(f"{ENGINE}.engine.Head.of_this_ray", lambda: head))
        yield
