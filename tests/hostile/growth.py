"""How the cost of an answer grows with the text: CPU time, so that a busy machine does not count."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.hostile.entry import Entry
from tests.hostile.patterns import asked
from tests.hostile.worst_texts import Text

SIZES = (1_000, 10_000, 100_000)
# A text of ten times the length may cost so many times as much: linear, and half as much again for caches.
MOST = 15
TIMES = 5
# Below this many seconds a clock tells nothing of growth.
LEAST = 0.001
AGAIN = 3


def cpu_seconds(work: Callable[[], object], times: int = TIMES) -> float:
    """The least CPU time of several calls, of all threads."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


@dataclass(frozen=True)
class Growth:
    """What one text cost at each of the sizes."""

    entry: str
    text: str
    seconds: tuple[float, ...]

    @property
    def most(self) -> float:
        """The largest factor from one size to the next, of those that can be measured."""
        steps = zip(self.seconds, self.seconds[1:], strict=False)
        return max(larger / max(smaller, LEAST / MOST) for smaller, larger in steps)


def growth(entry: Entry, text: Text) -> Growth:
    """The growth for one text; measured again where it is too much, for chance does not strike three times."""
    found = []
    for _ in range(AGAIN):
        written = [text.of(size) for size in SIZES]
        seconds = tuple(cpu_seconds(lambda each=each: asked(entry, each)) for each in written)  # type: ignore[misc]
        found.append(Growth(entry.name, str(text), seconds))
        if found[-1].most <= MOST:
            break
    return min(found, key=lambda one: one.most)
