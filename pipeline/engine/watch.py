"""The watch over workers: which of those at a job give no sign of life."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import ray

from sayso.pipeline.engine.workers import Worker

# How many questions fit into the time after which a worker counts as silent.
QUESTIONS = 4


class Watch:
    """Asks the workers at a job, every now and then, for an answer that takes them no time.

    `silent_seconds`: how long a worker may leave a question unanswered. A process that computes answers; one that was
    stopped does not, nor does one on a machine that is cut off or has died. `interval`: how often to look, in seconds.
    """

    def __init__(self, silent_seconds: float) -> None:
        self._patience = silent_seconds
        self.interval = silent_seconds / QUESTIONS
        self._asked: dict[Worker, tuple[float, Any]] = {}
        self._looked = -silent_seconds

    def silent(self, at_work: Sequence[Worker]) -> list[Worker]:
        """Those of these workers that have left a question unanswered for too long. Takes no time itself."""
        now = time.monotonic()
        if now - self._looked < self.interval:
            return []
        # Where this process itself was held up, answers may not have come through.
        asked_before = self._asked if now - self._looked < self._patience else {}
        self._looked = now
        self._asked = {worker: asked for worker, asked in asked_before.items() if worker in at_work}
        open_questions = [answer for _, answer in self._asked.values()]
        answered, _ = (
            ray.wait(open_questions, num_returns=len(open_questions), timeout=0) if open_questions else ([], [])
        )
        for worker in at_work:
            if worker not in self._asked or self._asked[worker][1] in answered:
                self._asked[worker] = (now, worker.actor.answer.remote())
        return [worker for worker, (asked, _) in self._asked.items() if now - asked >= self._patience]
