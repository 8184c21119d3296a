"""A job on its way through the workers: what is to be done about it next, and where workers came to their end at it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sayso.manifests.errors import SaysoError
from sayso.manifests.killing_rows import KILLS_THE_WORKER, KillingRow, record_killing_rows
from sayso.manifests.lease import Claim
from sayso.manifests.ledger import Ledger
from sayso.pipeline.engine.search import Suspect
from sayso.pipeline.engine.workers import Worker
from sayso.stages.jobs.job import Job, RowsJob

# How many workers may die at one job, on machines that live on, before the job is taken for the cause.
DEATHS = 3
# Seconds to wait for a worker that has yet to start, which may be on another machine.
PATIENCE = 30.0


class JobFailed(SaysoError):
    """Raised when a job cannot be done; names the stage and the shard."""


@dataclass(eq=False)
class Task:
    """A job that is carried out, searched for a row that kills its worker, or whose suspects are confirmed.

    `killing`: rows of it that are known to kill, and are left out. A row gets there by this way alone: three workers
    died at the job on machines that live on, then the row ended a process of its own on one worker, and again on
    another, which is on another machine where there is one.
    """

    job: Job
    killing: tuple[KillingRow, ...] = ()
    step: Literal["carry out", "search", "confirm"] = "carry out"
    suspects: Sequence[Suspect] = ()
    _suspected_on: str = ""
    _deaths: Counter[str] = field(default_factory=Counter)
    _deaths_in_step: int = 0
    _is_searched: bool = False
    _since: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        return f"{self.job.key.stage}/{self.job.key.shard}"

    @property
    def needs_fresh_worker(self) -> bool:
        """Whether it takes one that has nothing in memory, such as models that its processes load themselves."""
        return self.step != "carry out"

    def choose(self, free: Sequence[Worker], nodes: Collection[str], are_starting: bool) -> Worker | None:
        """The free worker that is to go on with it, None to wait for one on another of the `nodes` with workers.

        A job goes where fewest workers died at it: what kills on one machine may live on another.
        """
        wanted = set(nodes)
        if self.step == "confirm":
            wanted -= {self._suspected_on}
            if not wanted and are_starting and time.monotonic() - self._since < PATIENCE:
                return None
            wanted = wanted or set(nodes)
        fewest = min((self._deaths[node] for node in wanted), default=0)
        return next((one for one in free if one.node in wanted and self._deaths[one.node] == fewest), None)

    def lost(self, worker: Worker, cause: str, counts: bool) -> str:
        """Go on after a worker's end. Returns what to tell; raises JobFailed where there is no use."""
        self._since = time.monotonic()
        if counts:
            self._deaths[worker.node] += 1
            self._deaths_in_step += 1
        if self._deaths_in_step < DEATHS:
            return f"{self}: {worker} {cause}; another worker does it"
        ends = f"{self}: {DEATHS} workers came to their end at it, of which {worker} {cause}"
        if self.step == "carry out" and isinstance(self.job, RowsJob) and not self._is_searched:
            self._go_on_with("search")
            self._is_searched = True
            return f"{ends}; its rows are divided, to find one that is the cause"
        alone = ", though no row of it ends a process by itself" if self._is_searched else ""
        raise JobFailed(
            f"{ends}{alone}; it may need more memory (lower resources.batch, or keep more for each worker with "
            "resources.text.memory and resources.speech.memory), then run the same command again"
        )

    def found(self, worker: Worker, suspects: Sequence[Suspect], ledger: Ledger) -> str:
        """Go on after a search, or after its suspects were tried again. Returns what to tell."""
        if self.step == "search" and suspects:
            self._go_on_with("confirm")
            self.suspects, self._suspected_on = suspects, worker.node
            return f"{self}: {_positions(suspects)} ended a process on {worker.place.host}; another worker tries again"
        first = {suspect.id: suspect for suspect in self.suspects}
        self._go_on_with("carry out")
        self.suspects = ()
        if not suspects:
            return f"{self}: no row of it is the cause; it is done whole again"
        killing = [
            KillingRow(key=self.job.key, id=one.id, position=one.position, kills=(first[one.id].kill, one.kill))
            for one in suspects
        ]
        record_killing_rows(ledger, killing)
        self.killing += tuple(killing)
        # Another row may be found when these are gone.
        self._is_searched = False
        return f"{self}: {_positions(suspects)} ended a process twice; dropped ({KILLS_THE_WORKER})"

    def _go_on_with(self, step: Literal["carry out", "search", "confirm"]) -> None:
        self.step, self._deaths_in_step, self._since = step, 0, time.monotonic()


def start(tasks: Sequence[Task], worker: Worker, root: str, claim: Claim | None) -> Any:
    """Let a worker do what is next for some tasks: carry them out in turn, or search one. Returns the reference to its
    answer.
    """
    worker.has_worked = True
    task = tasks[0]
    if task.step == "search":
        return worker.actor.find_suspects.remote(root, claim, task.job)
    if task.step == "confirm":
        return worker.actor.confirm_suspects.remote(root, claim, task.job, task.suspects)
    return worker.actor.carry_out.remote(root, claim, [(task.job, task.killing) for task in tasks])


def _positions(suspects: Sequence[Suspect]) -> str:
    return ", ".join(f"{suspect.position} ({suspect.kill.how})" for suspect in suspects)
