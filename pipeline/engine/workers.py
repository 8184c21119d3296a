"""The workers of a run: processes on a Ray cluster that carry out one job after the other."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import ray

from sayso.manifests.errors import SaysoError
from sayso.pipeline.engine import worker_process
from sayso.pipeline.engine.door import Introduction

# A machine without sayso gets it by its bytes, and can say that it lacks the rest.
ray.cloudpickle.register_pickle_by_value(worker_process)


@dataclass(eq=False)
class Worker:
    """A worker that has started."""

    actor: Any
    place: Introduction
    has_worked: bool = False
    free_since: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        gpu = f" ({self.place.gpu})" if self.place.gpu else ""
        return f"process {self.place.process} on {self.place.host}{gpu}"

    @property
    def node(self) -> str:
        """The id of its machine in the cluster."""
        return self.place.node

    @property
    def machine_is_there(self) -> bool:
        """Whether its machine is still part of the cluster, as far as Ray knows by now."""
        return any(node["Alive"] and node["NodeID"] == self.node for node in ray.nodes())


def first_line(error: Exception) -> str:
    """An error in one line; a foreign one with its type, which it needs to mean something."""
    text = str(error).strip()
    if isinstance(error, SaysoError):
        return text
    return f"{type(error).__name__}: {text.splitlines()[0] if text else ''}"
