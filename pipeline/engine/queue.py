"""The jobs of one stage on their way to the workers of a pool."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from sayso.pipeline.engine.groups import GroupSize
from sayso.pipeline.resources import PoolName
from sayso.stages.jobs.job import Job


class JobQueue:
    """Jobs that wait for a worker, in order, and how many of them are with one.

    `pool`: whose workers they are for. To a queue that `follows` another, jobs may be added for as long as that one is
    not over.
    """

    def __init__(self, pool: PoolName, jobs: Iterable[Job] = (), follows: JobQueue | None = None) -> None:
        self.pool: PoolName = pool
        self._waiting, self._follows = deque(jobs), follows
        self._out = 0
        self.group_size = GroupSize()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def is_over(self) -> bool:
        """Whether every job was done and none can come."""
        return not self._waiting and not self._out and (self._follows is None or self._follows.is_over)

    @property
    def left(self) -> int:
        """How many are not done, those included that may come, one for each job of the queue that it follows."""
        return len(self._waiting) + self._out + (self._follows.left if self._follows else 0)

    def add(self, jobs: Iterable[Job]) -> None:
        """Put jobs at the end."""
        self._waiting.extend(jobs)

    def take(self, workers: int) -> list[Job]:
        """The next jobs for one of so many workers."""
        size = self.group_size.next(len(self._waiting), workers)
        self._out += size
        return [self._waiting.popleft() for _ in range(size)]

    def put_back(self, jobs: Iterable[Job]) -> None:
        """Let jobs that were not begun be the next ones, in their order."""
        given = [*jobs]
        self._out -= len(given)
        self._waiting.extendleft(reversed(given))

    def done(self) -> None:
        """One that was taken is done."""
        self._out -= 1
