"""How far a stage has come, in a line a minute, for logs and for terminals on which no bars are drawn."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import replace

from sayso.pipeline.cli.reporting import LOG
from sayso.pipeline.progress import ShardDone, StagePlanned

MINUTE = 60.0
# So many reasons are named, those that took the most rows.
NAMED_REASONS = 3


class StageSoFar:
    """What a stage has done since it began, at a time of `time.monotonic`."""

    def __init__(self, planned: StagePlanned, began: float) -> None:
        self._planned = planned
        self._began = began
        self._shards = self._rows = 0
        self._dropped: Counter[str] = Counter()

    def found(self, planned: StagePlanned) -> None:
        """So many of its shards are done so far, more than was known."""
        self._planned = replace(planned, done=planned.done - self._shards, rows=planned.rows - self._rows)

    def add(self, done: ShardDone) -> None:
        """Count a shard that was done."""
        self._shards += 1
        self._rows += done.rows_in
        self._dropped.update(done.dropped)

    def told(self, now: float) -> str:
        """The line: shards, rows, rows a second, the time that is left, and what was dropped in this run."""
        planned, seconds = self._planned, max(now - self._began, 1e-3)
        before = f" ({planned.rows:,} of them done before)" if planned.rows else ""
        head = (
            f"{planned.stage}: {planned.done + self._shards:,} of {planned.shards:,} shards, "
            f"{planned.rows + self._rows:,} rows{before}"
        )
        if not self._shards:
            return f"{head}, none of them in the {_in_words(seconds)} since it began"
        left = seconds / self._shards * (planned.shards - planned.done - self._shards)
        told = f"{head}, {self._rows / seconds:,.1f} rows/s, about {_in_words(left)} left"
        return f"{told}; {self._told_of_dropped()}" if self._dropped else told

    def _told_of_dropped(self) -> str:
        named = self._dropped.most_common(NAMED_REASONS)
        others = self._dropped.total() - sum(rows for _, rows in named)
        reasons = [f"{reason} {rows:,}" for reason, rows in named] + [f"others {others:,}"] * bool(others)
        return f"dropped {self._dropped.total():,} of {self._rows:,}: {', '.join(reasons)}"


class MinuteLines:
    """While its block lasts, tells every so many seconds how far the stages are that are planned and not finished."""

    def __init__(self, seconds: float = MINUTE) -> None:
        self._seconds = seconds
        self._stages: dict[str, StageSoFar] = {}
        self._lock, self._over = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)

    def __enter__(self) -> MinuteLines:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def planned(self, planned: StagePlanned) -> None:
        """A stage begins, of which lines are told from now on, or more of it was done before than was known."""
        with self._lock:
            if known := self._stages.get(planned.stage):
                known.found(planned)
            else:
                self._stages[planned.stage] = StageSoFar(planned, time.monotonic())

    def done(self, done: ShardDone) -> None:
        """A shard of one was done."""
        with self._lock:
            self._stages[done.stage].add(done)

    def finished(self, stage: str) -> None:
        """One is finished, which is told elsewhere."""
        with self._lock:
            self._stages.pop(stage, None)

    def _tell(self) -> None:
        while not self._over.wait(self._seconds):
            # Told under the lock, so that no line comes when the stage is finished.
            with self._lock:
                for stage in self._stages.values():
                    LOG.info(stage.told(time.monotonic()))


def _in_words(seconds: float) -> str:
    """Seconds as people say them, in the two largest units."""
    minutes, hours = seconds / 60, seconds / 3600
    if minutes < 1:
        return f"{seconds:.0f} s"
    if hours < 1:
        return f"{minutes:.0f} min"
    if hours < 48:
        return f"{int(hours)} h {int(minutes) % 60} min"
    return f"{hours / 24:,.0f} days"
