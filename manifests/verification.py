"""Is a run what its records say? Bytes, counts, the chain of stages, and every published row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl
from pydantic import BaseModel, ConfigDict

from manifests.ledger import Ledger, RunPlan, StagePlan
from manifests.names import DATASET, LIST_NAME, PLAN_NAME
from manifests.published import Examination, Problem, examine
from manifests.records import Record, count_verdicts
from manifests.storage import Storage, StoredFile
from manifests.tracing import Tallies, added, differences, tallies
from manifests.verdicts import KEPT

JUDGED = ("id", "source", "verdict", "filter", "reason")
Looked = Callable[[int], None]
"""Called with how many bytes were looked at, each time a file is done."""


def nobody(_: int) -> None:
    """For when nobody waits to see how far it is."""


class Verification(BaseModel):
    """What was looked at and what was found wrong."""

    model_config = ConfigDict(frozen=True)

    shards: int
    files: int
    rows_accounted: int
    rows_published: int
    problems: tuple[Problem, ...]


def verify(ledger: Ledger, looked: Looked = nobody) -> Verification:
    """Check every shard and published row of a run. Raises NotARun when the folder holds none."""
    plan = ledger.plan()
    problems = [problem for table in plan.tables for problem in _table_problems(ledger, table, looked)]
    traces = [_trace(ledger, stage, lambda file: not file.name.startswith(DATASET), looked) for stage in plan.stages]
    dataset = Storage(ledger.storage.path(DATASET.rstrip("/")))
    return _verified(traces, problems, dataset, looked)


def verify_published(dataset: Storage, looked: Looked = nobody) -> Verification:
    """Check a published dataset, against its manifests where they lie beside it, as in a repository of the Hub."""
    ledger = Ledger(dataset.root)
    plan = ledger.plan() if dataset.size(PLAN_NAME) is not None else RunPlan(name="")
    traces = [_trace(ledger, stage, lambda file: file.name.startswith("manifests/"), looked) for stage in plan.stages]
    return _verified(traces, [], dataset, looked)


def is_published(storage: Storage) -> bool:
    """Whether a folder is a published dataset by itself, and not a run that has one."""
    return storage.size(LIST_NAME) is not None


@dataclass(frozen=True)
class _Trace:
    """One stage as its records and verdicts have it: what came in, what was kept, and what is wrong."""

    stage: str
    records: Sequence[Record]
    problems: Sequence[Problem]
    came: Tallies
    left: Tallies


def _trace(ledger: Ledger, stage: StagePlan, is_here: Callable[[StoredFile], bool], looked: Looked) -> _Trace:
    records = ledger.records(stage)
    problems = list(_missing(stage, records))
    came: Tallies = {}
    left: Tallies = {}
    for record in records:
        damaged = list(_file_problems(ledger, [file for file in record.files if is_here(file)], looked))
        problems += damaged
        # What is missing or damaged cannot be read; that it is so is the finding.
        if not damaged:
            judged = ledger.verdicts(stage.stage, [record.key.shard], JUDGED)
            problems += _count_problems(record, judged)
            came = added(came, tallies(judged))
            left = added(left, tallies(judged.filter(pl.col("verdict") == KEPT)))
    return _Trace(stage.stage, records, problems, came, left)


def _verified(traces: Sequence[_Trace], others: Sequence[Problem], dataset: Storage, looked: Looked) -> Verification:
    problems = [*others, *(problem for trace in traces for problem in trace.problems)]
    for before, after in pairwise(traces):
        if not before.problems and not after.problems:
            for what in differences(before.left, after.came):
                problems.append(Problem(where=after.stage, what=f"{before.stage} {what} came in here"))
    composed = next((trace for trace in traces if trace.stage == "compose"), None)
    found = Examination()
    # A run that has not come to its end has nothing published to look at.
    if composed or not traces:
        found = examine(dataset, looked)
        problems += found.problems
    if composed and not problems:
        problems += _dataset_problems(composed, found)
    return Verification(
        shards=sum(len(trace.records) for trace in traces),
        files=sum(len(record.files) for trace in traces for record in trace.records) or len(found.files),
        rows_accounted=sum(record.rows_in for trace in traces for record in trace.records),
        rows_published=found.rows,
        problems=tuple(problems),
    )


def _missing(stage: StagePlan, records: list[Record]) -> Iterator[Problem]:
    found = {record.key.shard for record in records}
    for shard in stage.shards:
        if shard not in found:
            yield Problem(where=f"{stage.stage}/{shard}", what="has no record: it is not done; run the recipe again")


def _table_problems(ledger: Ledger, table: StagePlan, looked: Looked) -> Iterator[Problem]:
    records = ledger.records(table)
    yield from _missing(table, records)
    for record in records:
        yield from _file_problems(ledger, record.files, looked)


def _file_problems(ledger: Ledger, files: Sequence[StoredFile], looked: Looked) -> Iterator[Problem]:
    for file in files:
        size = ledger.storage.size(file.name)
        looked(file.bytes)
        if size is None:
            problem = "is missing"
        elif size != file.bytes:
            problem = f"has {size:,} bytes, its record says {file.bytes:,}"
        elif hashlib.sha256(ledger.storage.read(file.name)).hexdigest() != file.sha256:
            problem = "does not have the sha256 of its record"
        else:
            continue
        yield Problem(where=file.name, what=f"{problem}; run the recipe again, which makes it anew")


def _count_problems(record: Record, verdicts: pl.DataFrame) -> Iterator[Problem]:
    where = f"{record.key.stage}/{record.key.shard}"
    counts = count_verdicts(verdicts)
    if counts != record.counts:
        yield Problem(where=where, what="its verdicts do not count up to what its record says")
    if verdicts.height != record.rows_in:
        yield Problem(where=where, what=f"{record.rows_in} rows came in, but there are other verdicts")
    if sum(count.rows for count in counts if count.verdict == KEPT) != record.rows_out:
        yield Problem(where=where, what=f"{record.rows_out} rows went out, but others were kept")


def _dataset_problems(composed: _Trace, found: Examination) -> Iterator[Problem]:
    """What is published must be what was composed: the same files, and the rows that compose kept."""
    of_records = {file.name: file.sha256 for record in composed.records for file in record.files}
    of_list = {f"{DATASET}{file.name}": file.sha256 for file in found.files}
    if of_list != {name: sha256 for name, sha256 in of_records.items() if name.startswith(DATASET)}:
        yield Problem(where=LIST_NAME, what="lists other files than the records; run the recipe again")
    for what in differences(composed.left, found.tallies):
        yield Problem(where="dataset", what=f"compose {what} are published")
