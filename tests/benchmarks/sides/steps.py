"""Time by step, and what a side prints at its end."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Steps:
    """Wall and CPU seconds of each step, the processes it started included."""

    def __init__(self) -> None:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        self._seconds: dict[str, float] = {}
        self._cpu: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), cpu_seconds()
        yield
        self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - wall
        self._cpu[name] = self._cpu.get(name, 0.0) + cpu_seconds() - cpu

    def print(self, **kept: int) -> None:
        """One line: rows kept after each step that decides about rows, and the seconds of all steps."""
        print(json.dumps({"kept": kept, "seconds": self._seconds, "cpu": self._cpu}))


def cpu_seconds() -> float:
    """Of this process and of those it has started and waited for."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
