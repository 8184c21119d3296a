"""Which of the planned shards are finished, by their records, and which are to be made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sayso.manifests.filesystems import StorageError
from sayso.manifests.in_order import in_order
from sayso.manifests.ledger import OTHER_RECORD, Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Change, Record
from sayso.stages.jobs.job import Job

# How often a shard is made anew that is damaged each time.
REPAIRS = 3


@dataclass(frozen=True)
class PlannedShard:
    """A planned shard and what lies in the folder of it.

    `record`: that of the shard, whatever it was made from. `changes`: what is planned otherwise than it was made;
    `is_kept`: it stays in spite of them. `damage`: what of it is not as it was written.
    """

    job: Job
    record: Record | None
    changes: tuple[Change, ...] = ()
    is_kept: bool = False
    damage: DamagedShard | None = None

    @property
    def finished(self) -> Record | None:
        """The record where there is nothing to do."""
        return None if self.damage or (self.changes and not self.is_kept) else self.record


class FinishedShards:
    """Knows which shards of a run are finished. Their files are read for that, once.

    Of the stages in `keep`, a shard stays that was made by other code of the same input and recipe.
    """

    def __init__(self, ledger: Ledger, keep: Collection[str] = ()) -> None:
        self._ledger, self._keep = ledger, keep
        self._true: dict[tuple[str, str], Record] = {}
        self._repairs: Counter[tuple[str, str]] = Counter()

    def recorded(self, stage: str) -> set[str]:
        """The shards of a stage that have a record, by one look: a store is not asked for each."""
        return {*self._ledger.shards_with_records(stage)}

    def look_up(self, jobs: Sequence[Job], recorded: Collection[str] | None = None) -> list[PlannedShard]:
        """What lies in the folder of each of these shards of a stage. Changes nothing.

        `recorded`: those of the stage that have a record, where that was looked up before.
        """
        if recorded is None:
            recorded = self.recorded(jobs[0].key.stage) if jobs else set()
        there = [job for job in jobs if job.key.shard in recorded]
        found = {look.job.key.shard: look for look in in_order(self._look_up, there, self._ledger.storage.at_a_time)}
        return [found.get(job.key.shard) or PlannedShard(job, None) for job in jobs]

    def add(self, record: Record) -> None:
        """A shard that was finished just now."""
        self._true[record.key.stage, record.key.shard] = record

    def repair(self, damage: DamagedShard) -> None:
        """Take the record of a damaged shard away, so that the shard is made anew.

        Raises StorageError where that was done so often that it is no use.
        """
        place = (damage.stage, damage.shard)
        self._repairs[place] += 1
        if self._repairs[place] > REPAIRS:
            raise StorageError(
                f"{damage}, though it was made anew {REPAIRS} times; the disk or the memory is failing: check them, "
                "then run the same command again"
            )
        self._true.pop(place, None)
        self._ledger.forget(*place)

    def _look_up(self, job: Job) -> PlannedShard:
        stage, shard = job.key.stage, job.key.shard
        record = self._true.get((stage, shard)) or self._ledger.find_record(stage, shard)
        if record is None:
            is_there = self._ledger.storage.size(job.key.record_name) is not None
            damage = DamagedShard(stage, shard, job.key.record_name, OTHER_RECORD) if is_there else None
            return PlannedShard(job, None, damage=damage)
        changes = job.key.changes_since(record.key)
        is_kept = changes == ("code",) and stage in self._keep
        if changes and not is_kept:
            return PlannedShard(job, record, changes)
        if (stage, shard) not in self._true:
            try:
                self._ledger.check_files(record)
            except DamagedShard as damage:
                return PlannedShard(job, record, changes, is_kept, damage)
            self.add(record)
        return PlannedShard(job, record, changes, is_kept)
