"""Groups of jobs: a worker gets several at a time where they are so small that to hand them out would cost more."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sayso.manifests.killing_rows import KillingRow
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record
from sayso.stages.jobs.job import Job, carry_out

# Seconds that a group may take, and with that how much of other jobs is lost with a worker.
SECONDS = 1.0
# Of jobs that take no time at all: a group has to be told, put back or looked for one by one where its worker ends.
MOST = 64


class GroupSize:
    """How many jobs a worker gets: as many as fit into `SECONDS` by what the last ones took, and at first one."""

    def __init__(self) -> None:
        self._fit = 1

    def next(self, waiting: int, workers: int) -> int:
        """How many of those `waiting`, of which each of the workers should get some twice."""
        return max(1, min(self._fit, waiting // (2 * workers)))

    def took(self, jobs: int, seconds: float) -> None:
        """Learn from so many jobs that a worker has done."""
        self._fit = int(min(MOST, jobs * SECONDS / max(seconds, 1e-3)))


def carry_out_group(ledger: Ledger, group: Sequence[tuple[Job, Sequence[KillingRow]]]) -> list[Record]:
    """Do the first of some jobs, and the others in turn while there is time.

    Returns the records of those that were done, from the first on. Raises what the first raises; one after it that
    raises ends the group, and raises when it is the first of another.
    """
    began = time.monotonic()
    records = [carry_out(ledger, *group[0])]
    for job, killing in group[1:]:
        if time.monotonic() - began > SECONDS:
            break
        try:
            records.append(carry_out(ledger, job, killing))
        except Exception:  # whatever it is, it is told when the job stands alone
            break
    return records
