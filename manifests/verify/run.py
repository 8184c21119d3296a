"""Is a run what its records say? Bytes, counts, the chain of stages, and every published row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.attempt_files import beside_run
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.filesystems import NoPlainFile
from sayso.manifests.killing_rows import read_killing_rows
from sayso.manifests.ledger import OTHER_RECORD, Ledger
from sayso.manifests.names import ATTEMPTS, DATASET, KILLING_ROWS_NAME, LIST_NAME, MANIFESTS, PLAN_NAME
from sayso.manifests.progress import Progress, no_progress
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record, count_verdicts, made_by_earlier_code, record_name
from sayso.manifests.run_plan import DamagedPlan, NotARun, RunPlan, StagePlan
from sayso.manifests.storage import Storage, StoredFile
from sayso.manifests.verdicts import KEPT
from sayso.manifests.verify.checksums import Tallies, add_tallies, differences, tallies
from sayso.manifests.verify.dataset import Examination, Problem, examine
from sayso.manifests.verify.strays import kept_shards, strays_among_attempts, strays_of_run

STRAY = "is no part of this run; move it away"
JUDGED = ("id", "source", "verdict", "filter", "reason")


class Verification(BaseModel):
    """What was looked at and what was found wrong."""

    model_config = ConfigDict(frozen=True)

    shards: int
    files: int
    rows_accounted: int
    rows_published: int
    spoken_by_earlier_code: int = Field(0, description="shards of synthesize that an earlier version of the code spoke")
    assumed_sound: SoundFormat | None = Field(
        None,
        description="what tokens were held to, where a list of an earlier version does not say it",
    )
    problems: tuple[Problem, ...]


def verify(ledger: Ledger, progress: Progress = no_progress) -> Verification:
    """Check every shard and published row of a run, and look for what is no part of it.

    Raises NotARun when the folder holds none.
    """
    try:
        plan = ledger.plan()
    except NotARun as error:
        if not isinstance(error, DamagedPlan) and not ledger.storage.below("manifests"):
            raise
        return _nothing_but(Problem(where=PLAN_NAME, what=str(error)))
    problems = [problem for table in plan.tables for problem in _table_problems(ledger, table, progress)]
    problems += _strays(ledger, plan, ("work", "manifests"))
    problems += _problems_of_kept(ledger, plan, progress)
    problems += _problems_of_killing_rows(ledger)
    problems += _problems_of_attempts(ledger)
    traces = [_trace(ledger, stage, lambda file: not file.name.startswith(DATASET), progress) for stage in plan.stages]
    # A run that has not come to its end has nothing published to look at.
    found = Examination()
    if not traces or traces[-1].stage == "compose":
        found = _dataset_in(ledger, progress)
    problems += [Problem(where=f"{DATASET}{problem.where}", what=problem.what) for problem in found.problems]
    return _summarize(traces, problems, found)


def verify_published(dataset: Storage, progress: Progress = no_progress) -> Verification:
    """Check a published dataset, against its manifests where they lie beside it, as in a repository of the Hub."""
    ledger = Ledger(dataset.root)
    beside: tuple[str, ...]
    try:
        plan, beside = ledger.plan(), (PLAN_NAME, MANIFESTS)
    except DamagedPlan as error:
        return _nothing_but(Problem(where=PLAN_NAME, what=str(error)))
    except NotARun:
        if dataset.below("manifests"):
            return _nothing_but(Problem(where=PLAN_NAME, what="is missing, though there are manifests"))
        plan, beside = RunPlan(name=""), ()
    problems = [problem for table in plan.tables for problem in _read_records(ledger, table)[1]]
    problems += _strays(ledger, plan, ("manifests",)) if beside else ()
    traces = [_trace(ledger, stage, lambda file: file.name.startswith(MANIFESTS), progress) for stage in plan.stages]
    found = examine(dataset, progress, beside)
    return _summarize(traces, [*problems, *found.problems], found)


def _dataset_in(ledger: Ledger, progress: Progress) -> Examination:
    try:
        # Asked from above, so that a link in the place of the folder is seen.
        ledger.storage.size(f"{DATASET}{LIST_NAME}")
    except NoPlainFile as error:
        return Examination(problems=[Problem(where=LIST_NAME, what=str(error))])
    return examine(Storage(ledger.storage.path(DATASET.rstrip("/"))), progress)


def _problems_of_kept(ledger: Ledger, plan: RunPlan, progress: Progress) -> Iterator[Problem]:
    """What is wrong with files of stages that are not planned now, which a run that goes further takes up again."""
    for stage, shard in kept_shards(ledger, plan):
        record = ledger.find_record(stage, shard)
        if record is not None:
            yield from _file_problems(ledger, record.files, progress)


def _problems_of_killing_rows(ledger: Ledger) -> Iterator[Problem]:
    try:
        read_killing_rows(ledger)
    except (ValueError, NoPlainFile) as error:
        what = str(error) if isinstance(error, NoPlainFile) else f"{OTHER_RECORD}; run the recipe again"
        yield Problem(where=KILLING_ROWS_NAME, what=what)


def _problems_of_attempts(ledger: Ledger) -> Iterator[Problem]:
    """What is wrong with the attempts that are kept beside the run."""
    yield from _strays_among_attempts(ledger)
    for file, what in beside_run(ledger.storage).damaged():
        advice = "run the recipe again, which takes it away, and says anew what it needs of it"
        yield Problem(where=f"{ATTEMPTS}{file.name}", what=f"{what}; {advice}")


def _strays_among_attempts(ledger: Ledger) -> Iterator[Problem]:
    for name in strays_among_attempts(ledger.storage):
        yield Problem(where=name, what=STRAY)


def _nothing_but(problem: Problem) -> Verification:
    return Verification(shards=0, files=0, rows_accounted=0, rows_published=0, problems=(problem,))


def _strays(ledger: Ledger, plan: RunPlan, folders: Sequence[str]) -> Iterator[Problem]:
    for name in strays_of_run(ledger, plan, folders):
        yield Problem(where=name, what=STRAY)


def is_published(storage: Storage) -> bool:
    """Whether a folder is a published dataset by itself, and not a run that has one."""
    return storage.size(LIST_NAME) is not None


@dataclass(frozen=True)
class _Trace:
    """One stage as its records and verdicts have it: what came in, what was kept, and what is wrong."""

    stage: str
    records: Sequence[Record]
    problems: Sequence[Problem]
    rows_in: Tallies
    rows_out: Tallies
    earlier_code: int


def _trace(ledger: Ledger, stage: StagePlan, is_here: Callable[[StoredFile], bool], progress: Progress) -> _Trace:
    records, problems = _read_records(ledger, stage)
    rows_in: Tallies = {}
    rows_out: Tallies = {}
    for record in records:
        damaged = list(_file_problems(ledger, [file for file in record.files if is_here(file)], progress))
        problems += damaged
        # What is missing or damaged cannot be read; that it is so is the finding.
        if not damaged:
            try:
                verdicts = ledger.verdicts(stage.stage, [record.key.shard], JUDGED)
            except DamagedShard as damage:
                # Its sha256 is that of its record, so it was made like this.
                problems.append(Problem(where=damage.file, what=damage.what))
                continue
            problems += _count_problems(record, verdicts)
            rows_in = add_tallies(rows_in, tallies(verdicts))
            rows_out = add_tallies(rows_out, tallies(verdicts.filter(pl.col("verdict") == KEPT)))
    return _Trace(stage.stage, records, problems, rows_in, rows_out, made_by_earlier_code(records, stage.code))


def _summarize(traces: Sequence[_Trace], others: Sequence[Problem], found: Examination) -> Verification:
    problems = [*others, *(problem for trace in traces for problem in trace.problems)]
    for before, after in pairwise(traces):
        if not before.problems and not after.problems:
            for what in differences(before.rows_out, after.rows_in):
                problems.append(Problem(where=after.stage, what=f"{before.stage} {what} came in here"))
    composed = next((trace for trace in traces if trace.stage == "compose"), None)
    if composed and not problems:
        problems += _dataset_problems(composed, found)
    return Verification(
        shards=sum(len(trace.records) for trace in traces),
        files=sum(len(record.files) for trace in traces for record in trace.records) or len(found.files),
        rows_accounted=sum(record.rows_in for trace in traces for record in trace.records),
        rows_published=found.rows,
        spoken_by_earlier_code=sum(trace.earlier_code for trace in traces if trace.stage == "synthesize"),
        assumed_sound=found.assumed,
        problems=tuple(problems),
    )


def _read_records(ledger: Ledger, stage: StagePlan) -> tuple[list[Record], list[Problem]]:
    """The records of the plan's shards, and what is wrong with those that are not done."""
    records, problems = [], []
    for shard in stage.shards:
        try:
            records.append(ledger.read_record(stage.stage, shard))
        except DamagedShard as damage:
            what = f"{damage.what}: the shard is not done; run the recipe again"
            problems.append(Problem(where=damage.file, what=what))
        except NoPlainFile as error:
            problems.append(Problem(where=record_name(stage.stage, shard), what=str(error)))
    return records, problems


def _table_problems(ledger: Ledger, table: StagePlan, progress: Progress) -> Iterator[Problem]:
    records, problems = _read_records(ledger, table)
    yield from problems
    for record in records:
        yield from _file_problems(ledger, record.files, progress)


def _file_problems(ledger: Ledger, files: Sequence[StoredFile], progress: Progress) -> Iterator[Problem]:
    for file in files:
        progress.advance(file.bytes)
        problem = _file_problem(ledger.storage, file)
        if problem:
            yield Problem(where=file.name, what=f"{problem}; run the recipe again, which makes it anew")


def _file_problem(storage: Storage, file: StoredFile) -> str | None:
    try:
        size = storage.size(file.name)
        if size is None:
            return "is missing"
        if size != file.bytes:
            return f"has {size:,} bytes, its record says {file.bytes:,}"
        if hashlib.sha256(storage.read(file.name)).hexdigest() != file.sha256:
            return "does not have the sha256 of its record"
    except NoPlainFile as error:
        return str(error)
    return None


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
        yield Problem(where=f"{DATASET}{LIST_NAME}", what="lists other files than the records; run the recipe again")
    for what in differences(composed.rows_out, found.tallies):
        yield Problem(where="dataset", what=f"compose {what} are published")
