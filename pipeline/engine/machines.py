"""The machines of a Ray cluster: on which of them workers of a kind may be, and for how many there is room."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import ray

from sayso.pipeline.resources import PoolName, Resources

# Seconds for which it is taken for granted that no machine has come or gone.
EVERY = 5.0
GIB = 1 << 30
# Ray gives every machine the first of these labels, and the second where it knows its GPU.
ID, ACCELERATOR = "ray.io/node-id", "ray.io/accelerator-type"

# A machine as Ray tells of it: NodeID, Alive, Resources, Labels and so on.
Node = Mapping[str, Any]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class WorkerKind:
    """What each worker of a pool takes of its machine, and which machines it may be on.

    `most`: how many there may be, None for as many as there is room for. `memory`: bytes, 0 where none are kept for it.
    `label`: what Ray is to select machines by. `keeps_off_gpus`: whether it leaves machines with a GPU alone as long as
    there are others.
    """

    most: int | None
    cpus: float
    gpus: float
    memory: int
    label: tuple[tuple[str, str], ...]
    keeps_off_gpus: bool

    @classmethod
    def of(cls, pool: PoolName, resources: Resources) -> WorkerKind:
        """That of the pool by what the recipe says."""
        of_pool = resources.text if pool == "text" else resources.speech
        gpus = (resources.speech.gpus or 0) if pool == "speech" else 0
        return cls(
            of_pool.workers,
            of_pool.cpus,
            gpus,
            int((of_pool.memory or 0) * GIB),
            tuple((of_pool.label or {}).items()),
            keeps_off_gpus=not gpus and of_pool.label is None,
        )

    def __str__(self) -> str:
        memory = f" and {self.memory / GIB:g} GiB" if self.memory else ""
        return f"{self.cpus:g} CPU and {self.gpus:g} GPU{memory}"

    @property
    def options(self) -> dict[str, Any]:
        """The same as options of an actor."""
        memory = {"memory": self.memory} if self.memory else {}
        return {"num_cpus": self.cpus, "num_gpus": self.gpus, **memory}

    def room_on(self, node: Node) -> int:
        """How many have room on a machine that has nothing else to do."""
        there: Mapping[str, float] = node["Resources"]
        room = [there.get("CPU", 0) / self.cpus]
        if self.gpus:
            # A share is one of one GPU.
            shares = int(1 / self.gpus + 1e-9) if self.gpus < 1 else 1 / self.gpus
            room.append(int(there.get("GPU", 0)) * shares)
        if self.memory:
            room.append(there.get("memory", 0) / self.memory)
        return int(min(room) + 1e-9)

    def is_selected(self, node: Node) -> bool:
        """Whether a machine has the labels that are asked for."""
        return all(_holds(selector, node["Labels"].get(key)) for key, selector in self.label)


class Machines:
    """The machines that a run knows of, and those among them whose workers were sent away. One look serves a while."""

    def __init__(self) -> None:
        self._nodes: Sequence[Node] = ()
        self._looked = -EVERY
        self._refused: set[str] = set()
        # Since the last look: with each answer of a worker it is asked for again, and there may be many machines.
        self._reckoned: dict[tuple[object, ...], Any] = {}

    def refuse(self, node_id: str) -> None:
        """Ask for no worker on a machine any more."""
        self._refused.add(node_id)
        self._reckoned.clear()

    def room(self, kind: WorkerKind) -> int:
        """For how many workers there is room, whoever else is there."""
        return self._once(("room", kind), lambda: sum(kind.room_on(node) for node in self._fit_for(kind)))

    def room_beside(self, kind: WorkerKind, other: WorkerKind) -> dict[str, int]:
        """The same for each machine, by its id, when all that have room there of another kind have it."""
        return self._once(
            ("room beside", kind, other),
            lambda: {node["NodeID"]: kind.room_on(_less(node, other)) for node in self._fit_for(kind)},
        )

    def avoided(self, kind: WorkerKind) -> set[str]:
        """The machines on which a worker of this kind is not to be, though Ray may find room for it there."""
        return self._once(("avoided", kind), lambda: self._refused | {node["NodeID"] for node in self._spared(kind)})

    def selector(self, kind: WorkerKind) -> dict[str, str]:
        """The labels by which Ray is to find a machine for a worker, among those that are there and those to come."""
        return self._once(("selector", kind), lambda: self._selector(kind))

    def _selector(self, kind: WorkerKind) -> dict[str, str]:
        wanted = dict(kind.label)
        if ID in wanted:
            return wanted
        spared = [node["Labels"] for node in self._spared(kind)]
        accelerators = {labels[ACCELERATOR] for labels in spared if ACCELERATOR in labels}
        machines = self._refused | {labels[ID] for labels in spared if ACCELERATOR not in labels}
        not_these = {ACCELERATOR: accelerators, ID: machines}
        return {key: f"!in({','.join(sorted(values))})" for key, values in not_these.items() if values} | wanted

    def fault_of_label(self, kind: WorkerKind) -> str | None:
        """Which labels there are, where no machine has those that are asked for; None where one has."""
        alive = self._alive()
        if any(kind.is_selected(node) for node in alive):
            return None
        asked = ", ".join(f"{key}={value}" for key, value in kind.label)
        found = sorted({f"{key}={value}" for node in alive for key, value in node["Labels"].items() if key != ID})
        return f"no machine has the label {asked}; the labels there are: {', '.join(found) or 'none'}"

    def _fit_for(self, kind: WorkerKind) -> list[Node]:
        """The machines that have room for a worker, without those that it keeps off."""
        fit = [
            node
            for node in self._alive()
            if node["NodeID"] not in self._refused and kind.is_selected(node) and kind.room_on(node)
        ]
        return [node for node in fit if not (kind.keeps_off_gpus and _gpus(node))] or fit

    def _spared(self, kind: WorkerKind) -> list[Node]:
        """The machines that it keeps off, for there are others."""
        if not kind.keeps_off_gpus or all(map(_gpus, self._fit_for(kind))):
            return []
        return [node for node in self._alive() if _gpus(node)]

    def _once(self, what: tuple[object, ...], reckon: Callable[[], Answer]) -> Answer:
        """What is reckoned from the machines that are known, once for each look at them."""
        self._alive()
        if what not in self._reckoned:
            self._reckoned[what] = reckon()
        found: Answer = self._reckoned[what]
        return found

    def _alive(self) -> Sequence[Node]:
        if time.monotonic() - self._looked >= EVERY:
            self._nodes = [node for node in ray.nodes() if node["Alive"]]
            self._looked = time.monotonic()
            self._reckoned.clear()
        return self._nodes


def _less(node: Node, kind: WorkerKind) -> Node:
    """A machine without what workers of a kind take of it."""
    if not kind.is_selected(node):
        return node
    there: Mapping[str, float] = node["Resources"]
    workers = kind.room_on(node)
    taken = {"CPU": kind.cpus * workers, "GPU": kind.gpus * workers, "memory": kind.memory * workers}
    return {**node, "Resources": {**there, **{name: there.get(name, 0) - some for name, some in taken.items()}}}


def _gpus(node: Node) -> float:
    return float(node["Resources"].get("GPU", 0))


def _holds(selector: str, label: str | None) -> bool:
    """Whether a label is as a selector says: `spot`, `!spot`, `in(a, b)` or `!in(a, b)`."""
    wanted = selector.removeprefix("!")
    if wanted.startswith("in("):
        is_one = label in [value.strip() for value in wanted[len("in(") : -1].split(",")]
    else:
        is_one = label == wanted
    return is_one != selector.startswith("!")
