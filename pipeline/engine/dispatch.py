"""Hands out the jobs of several queues to the workers of several pools, and hands their records back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ray

from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.pipeline.engine.head import Head
from sayso.pipeline.engine.lane import Lane
from sayso.pipeline.engine.watch import Watch
from sayso.pipeline.resources import Resources


class Stalled(RuntimeWarning):
    """What the watchdog says: that nothing has finished for a long time, or a worker was lost."""


class Dispatch:
    """Some jobs of a run on their way, each in the lane of its pool."""

    def __init__(self, lanes: Sequence[Lane], head: Head, resources: Resources) -> None:
        self._lanes, self._head = lanes, head
        self._watch = Watch(resources.silent_seconds)
        self._silent_seconds, self._stall_seconds = resources.silent_seconds, resources.stall_seconds

    def answers(self) -> Iterator[Record | DamagedShard | Stalled]:
        """The record of each job as it comes, what it found damaged, and what is to be told.

        Jobs may be added to a queue that follows another one before the next of them is asked for. Raises JobFailed,
        SourceError, LeaseLost, NoWorker or ClusterGone.
        """
        for answer in self._answers():
            yield Stalled(answer) if isinstance(answer, str) else answer

    def _answers(self) -> Iterator[Record | DamagedShard | str]:
        while not all(lane.is_over for lane in self._lanes):
            for lane in self._lanes:
                lane.fit_pool()
                lane.hand_out()
            yield from self._awaited()
            self._head.check(at_once=False)
            silent = self._watch.silent([worker for lane in self._lanes for worker in lane.workers_at_work])
            for lane in self._lanes:
                yield from lane.end_silent(silent, self._silent_seconds)
                if told := lane.stall(self._stall_seconds):
                    yield told
        for lane in self._lanes:
            lane.fit_pool()

    def _awaited(self) -> Iterator[Record | DamagedShard | str]:
        """Waits a while for an answer, or for a worker that starts."""
        awaited = {reference: lane for lane in self._lanes for reference in lane.awaited}
        longest = min(5.0, self._stall_seconds, self._watch.interval)
        ready, _ = ray.wait([*awaited], num_returns=1, timeout=longest)
        for reference in ready:
            yield from awaited[reference].take_in(reference)
