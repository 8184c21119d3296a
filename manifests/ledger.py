"""The ledger of a run: commits what a stage made of a shard, and knows which shards are done."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import polars as pl

from sayso.manifests.filesystems import NoPlainFile
from sayso.manifests.in_order import in_order
from sayso.manifests.lease import Claim, check_claim
from sayso.manifests.names import PLAN_NAME, files_of
from sayso.manifests.reading import MISSING, OTHER_BYTES, DamagedShard, StoredTable, Within, readable
from sayso.manifests.records import (
    Count,
    Record,
    ShardKey,
    StoreUse,
    count_verdicts,
    installed_versions,
    record_name,
    rows_name,
    verdicts_name,
)
from sayso.manifests.run_plan import NotARun, RunPlan, StagePlan, read_plan
from sayso.manifests.sealing import seal, unseal
from sayso.manifests.storage import Storage, StoredFile, parquet_as_stored, parquet_of
from sayso.manifests.verdicts import ALWAYS_STATED, VERDICT_SCHEMA, Outcome, check_accounted

# Small enough that a range of ids can be read without reading its whole shard.
ROW_GROUP_ROWS = 8_192
RECORD_END = ".record.json"
OTHER_RECORD = "is not as it was written"


class Ledger:
    """Keeps the files of a run: rows and verdicts of every shard, the records, and the plan.

    With a claim to the run's lease, it writes only as long as that holds: every method that does so raises LeaseLost,
    and writes nothing, where somebody else has taken over.
    """

    def __init__(self, root: str, claim: Claim | None = None) -> None:
        self.storage = Storage(root)
        self.claim = claim
        self._first: dict[str, Record] = {}

    def check_claim(self) -> None:
        """Raises LeaseLost where there is a claim and it holds no more."""
        if self.claim:
            check_claim(self.storage, self.claim)

    def commit(
        self,
        key: ShardKey,
        outcome: Outcome,
        rows_in: int,
        parameters: dict[str, object],
        seconds: float,
        published: Mapping[str, bytes],
        store: StoreUse | None = None,
    ) -> Record:
        """Write rows and verdicts of a shard and the Parquet files it publishes (name → bytes), then its record.

        Raises UnaccountedRows, and writes nothing, when the verdicts do not account for every row.
        """
        check_accounted(outcome, rows_in, f"{key.stage}/{key.shard}")
        self.check_claim()
        rows = self._write_rows(key, outcome.rows, ROW_GROUP_ROWS)
        verdicts = self.storage.write_table(key.verdicts_name, outcome.verdicts, ROW_GROUP_ROWS)
        files = [self.storage.write_parquet(name, content) for name, content in published.items()]
        counts = count_verdicts(outcome.verdicts)
        made = (rows, verdicts, *files)
        return self._record(key, rows_in, outcome.rows.height, counts, made, parameters, seconds, store)

    def commit_table(
        self,
        key: ShardKey,
        table: pl.DataFrame,
        parameters: dict[str, object],
        seconds: float,
        row_group_rows: int = ROW_GROUP_ROWS,
    ) -> Record:
        """Write a shard of a table that decides about no row, then its record."""
        self.check_claim()
        rows = self._write_rows(key, table, row_group_rows)
        return self._record(key, table.height, table.height, (), (rows,), parameters, seconds)

    def _write_rows(self, key: ShardKey, rows: pl.DataFrame, row_group_rows: int) -> StoredFile:
        """The first file of a shard: while its files are replaced it is not done, whatever an older record says.

        Where it has no rows yet, no record of it can be true, so a store need not be asked for one.
        """
        content = parquet_of(rows, row_group_rows)
        if not self.storage.is_local and self.storage.create(key.rows_name, content):
            return parquet_as_stored(key.rows_name, content)
        self.storage.remove(key.record_name)
        return self.storage.write_parquet(key.rows_name, content)

    def _record(
        self,
        key: ShardKey,
        rows_in: int,
        rows_out: int,
        counts: tuple[Count, ...],
        files: tuple[StoredFile, ...],
        parameters: dict[str, object],
        seconds: float,
        store: StoreUse | None = None,
    ) -> Record:
        record = Record(
            key=key,
            rows_in=rows_in,
            rows_out=rows_out,
            counts=counts,
            files=files,
            parameters=parameters,
            seconds=round(seconds, 3),
            worker=socket.gethostname(),
            versions=installed_versions(),
            store=store,
        )
        self.storage.write(key.record_name, seal(record.model_dump_json(indent=1).encode()))
        return record

    def check_files(self, record: Record) -> None:
        """Raises DamagedShard unless every file of a shard is there and true to the last byte."""
        for file in record.files:
            try:
                what = None if self.storage.is_as_written(file) else OTHER_BYTES
            except FileNotFoundError:
                what = MISSING
            if what:
                raise DamagedShard(record.key.stage, record.key.shard, file.name, what)

    def find_record(self, stage: str, shard: str) -> Record | None:
        """The record of a shard as it lies there, or None when it is missing or not as it was written.

        Raises StorageError where that cannot be told, for the store does not answer.
        """
        try:
            return self.shared(_record_in(self.storage.read(record_name(stage, shard)), stage, shard))
        except (FileNotFoundError, ValueError, NoPlainFile):
            return None

    def shared(self, record: Record) -> Record:
        """The same record, which holds what it has in common with the first of its stage only once in memory.

        Those of a stage have the same parameters, which are most of what a record takes.
        """
        first = self._first.setdefault(record.key.stage, record)
        common = ("parameters", "versions", "worker")
        return record.model_copy(
            update={name: getattr(first, name) for name in common if getattr(record, name) == getattr(first, name)}
        )

    def read_record(self, stage: str, shard: str) -> Record:
        """The record of a shard. Raises DamagedShard where it is missing or not as it was written."""
        name = record_name(stage, shard)
        record = self.find_record(stage, shard)
        if record is None:
            what = MISSING if self.storage.size(name) is None else OTHER_RECORD
            raise DamagedShard(stage, shard, name, what)
        return record

    def recorded_shards(self, stage: str) -> Iterator[tuple[str, Record]]:
        """Each shard of a stage that has a record, planned or not, and its record."""
        shards = self.shards_with_records(stage)
        for shard, record in zip(shards, self._find_records(stage, shards), strict=False):
            if record is not None:
                yield shard, record

    def shards_with_records(self, stage: str) -> list[str]:
        """Each shard of a stage for which there is a record, planned or not and whatever stands in it, by one look."""
        names = self.storage.names(f"manifests/{stage}")
        return [name.removesuffix(RECORD_END) for name in names if name.endswith(RECORD_END)]

    def _find_records(self, stage: str, shards: Sequence[str]) -> Iterator[Record | None]:
        return in_order(partial(self.find_record, stage), shards, self.storage.at_a_time)

    def forget(self, stage: str, shard: str) -> None:
        """Take away the record of a shard, which is then not done."""
        self.check_claim()
        self.storage.remove(record_name(stage, shard))

    def write_plan(self, plan: RunPlan) -> None:
        """Put the plan in place."""
        self.check_claim()
        self.storage.write(PLAN_NAME, seal(plan.model_dump_json(indent=1).encode()))

    def plan(self) -> RunPlan:
        """The plan of the run in this folder. Raises NotARun when there is none, DamagedPlan or OtherVersion."""
        try:
            content = self.storage.read(PLAN_NAME)
        except FileNotFoundError:
            raise NotARun(f"{self.storage.root} holds no run; make one with: sayso run RECIPE --to DIR") from None
        return read_plan(content, self.storage.path(PLAN_NAME))

    def records(self, stage: StagePlan) -> list[Record]:
        """The records of those shards of a stage that have one, in the plan's order."""
        return [record for record in self._find_records(stage.stage, stage.shards) if record is not None]

    def keep_only(self, stage: StagePlan) -> None:
        """Take away the files of shards that a stage had in an earlier plan: nobody should read them by mistake.

        Of other shards only those that have a record here are ours; what else lies in the folders stays.
        """
        self.check_claim()
        wanted = set(stage.shards)
        for shard in self.shards_with_records(stage.stage):
            if shard not in wanted and self.find_record(stage.stage, shard) is not None:
                for ours in files_of(stage.stage, shard):
                    self.storage.remove(ours)

    def rows(
        self, stage: str, shards: Sequence[str], columns: Sequence[str] | None = None, within: Within | None = None
    ) -> pl.DataFrame:
        """The rows that went on from some shards of a stage, at least one: all columns or some, all rows or some.

        Raises DamagedShard where what is read for them is not as recorded.
        """
        return pl.concat([self.table(stage, shard).read(columns, within) for shard in shards])

    def verdicts(self, stage: str, shards: Sequence[str], columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The verdicts on the rows of some shards of a stage, at least one. Raises DamagedShard."""
        tables = [self.table_in(self.read_record(stage, shard), verdicts_name(stage, shard)) for shard in shards]
        return pl.concat([_verdicts_in(table, columns) for table in tables])

    def rows_of(self, record: Record, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The same of one shard, for whoever has its record. Raises DamagedShard."""
        return self.table_in(record, record.rows_file.name).read(columns)

    def table(self, stage: str, shard: str) -> StoredTable:
        """The rows that went on from a shard, to be read once or more. Raises DamagedShard where it is not done."""
        return self.table_in(self.read_record(stage, shard), rows_name(stage, shard))

    def table_in(self, record: Record, name: str) -> StoredTable:
        """A Parquet file of a shard."""
        key = record.key
        file = next((file for file in record.files if file.name == name), None)
        if file is None:
            raise DamagedShard(key.stage, key.shard, key.record_name, f"does not list {name}")
        return StoredTable(self.storage, key.stage, key.shard, file)


def _verdicts_in(table: StoredTable, columns: Sequence[str] | None) -> pl.DataFrame:
    with readable(table):
        table.check_size()
        found = table.read(columns)
    typed = {name: dtype for name, dtype in VERDICT_SCHEMA.items() if columns is None or name in columns}
    if any(found.schema.get(name) != dtype for name, dtype in typed.items()):
        raise table.damaged("has other columns than verdicts have")
    if any(found[name].has_nulls() for name in typed if name in ALWAYS_STATED):
        raise table.damaged("has verdicts that lack a row, a source or what was decided")
    return found


def _record_in(content: bytes, stage: str, shard: str) -> Record:
    """Raises ValueError where the content is not the record of this shard as it was written."""
    record = Record.model_validate_json(unseal(content))
    if (record.key.stage, record.key.shard) != (stage, shard):
        raise ValueError(f"is the record of {record.key.stage}/{record.key.shard}")
    return record
