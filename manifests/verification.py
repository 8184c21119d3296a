"""Is a run what its records say? Bytes, counts, the chain of stages, and every published row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import pairwise

import polars as pl
from pydantic import BaseModel, ConfigDict

from manifests.funnel import recount
from manifests.ledger import Ledger, StagePlan
from manifests.records import Record
from manifests.verdicts import KEPT

SOUND_CODES = 512
TOKENS_PER_SECOND = 25
# A clip ends between two tokens, and its duration is stored rounded to milliseconds.
LENGTH_TOLERANCE = 2


class Problem(BaseModel):
    """One thing that is not as it should be: where, and what."""

    model_config = ConfigDict(frozen=True)

    where: str
    what: str


class Verification(BaseModel):
    """What was looked at and what was found wrong."""

    model_config = ConfigDict(frozen=True)

    shards: int
    files: int
    rows_accounted: int
    rows_published: int
    problems: tuple[Problem, ...]


def verify(ledger: Ledger) -> Verification:
    """Check every shard and published row of a run. Raises NotARun when the folder holds none."""
    plan = ledger.plan()
    stages = plan.stages
    problems: list[Problem] = []
    records = {stage.stage: ledger.records(stage) for stage in stages}
    for stage in stages:
        problems += _missing(stage, records[stage.stage])
        for record in records[stage.stage]:
            damaged = list(_file_problems(ledger, record))
            problems += damaged or _count_problems(ledger, record)
    for table in plan.tables:
        problems += _missing(table, ledger.records(table))
        for record in ledger.records(table):
            problems += _file_problems(ledger, record)
    problems += _chain_problems(stages, records)
    # What is missing or damaged cannot be read; that it is so is the finding.
    published = [] if problems else records.get("compose", [])
    if published:
        problems += _dataset_problems(ledger, stages, published)
    return Verification(
        shards=sum(len(found) for found in records.values()),
        files=sum(len(record.files) for found in records.values() for record in found),
        rows_accounted=sum(record.rows_in for found in records.values() for record in found),
        rows_published=sum(record.rows_out for record in published),
        problems=tuple(problems),
    )


def _missing(stage: StagePlan, records: list[Record]) -> Iterator[Problem]:
    found = {record.key.shard for record in records}
    for shard in stage.shards:
        if shard not in found:
            yield Problem(where=f"{stage.stage}/{shard}", what="has no record: it is not done; run the recipe again")


def _file_problems(ledger: Ledger, record: Record) -> Iterator[Problem]:
    for file in record.files:
        size = ledger.storage.size(file.name)
        if size is None:
            problem = "is missing"
        elif size != file.bytes:
            problem = f"has {size:,} bytes, its record says {file.bytes:,}"
        elif hashlib.sha256(ledger.storage.read(file.name)).hexdigest() != file.sha256:
            problem = "does not have the sha256 of its record"
        else:
            continue
        yield Problem(where=file.name, what=f"{problem}; remove its record and run the recipe again")


def _count_problems(ledger: Ledger, record: Record) -> Iterator[Problem]:
    where = f"{record.key.stage}/{record.key.shard}"
    counts = recount(ledger, record)
    if counts != record.counts:
        yield Problem(where=where, what="its verdicts do not count up to what its record says")
    if sum(count.rows for count in counts) != record.rows_in:
        yield Problem(where=where, what=f"{record.rows_in} rows came in, but there are other verdicts")
    if sum(count.rows for count in counts if count.verdict == KEPT) != record.rows_out:
        yield Problem(where=where, what=f"{record.rows_out} rows went out, but others were kept")


def _chain_problems(stages: tuple[StagePlan, ...], records: dict[str, list[Record]]) -> Iterator[Problem]:
    for before, after in pairwise(stages):
        if len(records[after.stage]) < len(after.shards) or len(records[before.stage]) < len(before.shards):
            continue
        left = sum(record.rows_out for record in records[before.stage])
        came = sum(record.rows_in for record in records[after.stage])
        if left != came:
            yield Problem(where=after.stage, what=f"{before.stage} kept {left:,} rows but {came:,} came in here")


def _dataset_problems(ledger: Ledger, stages: tuple[StagePlan, ...], composed: list[Record]) -> Iterator[Problem]:
    files = [file for record in composed for file in record.files if file.name.startswith("dataset/")]
    listed = {file.name.removeprefix("dataset/"): file.sha256 for file in files}
    try:
        on_list = json.loads(ledger.storage.read("dataset/files.json"))["files"]
    except FileNotFoundError:
        yield Problem(where="dataset/files.json", what="is missing: the run was not published; run the recipe again")
    else:
        if {file["name"]: file["sha256"] for file in on_list} != listed:
            yield Problem(where="dataset/files.json", what="lists other files than the records; run the recipe again")
    for name in ledger.storage.names("dataset/data"):
        if f"data/{name}" not in listed:
            yield Problem(where=f"dataset/data/{name}", what="is no part of this run")
    rows = ledger.storage.scan([f"dataset/{name}" for name in listed if name.startswith("data/")])
    tokens = pl.col("sound_tokens")
    broken = rows.select(
        pl.col("id").is_duplicated().sum().alias("ids that occur twice"),
        (pl.col("id") < pl.col("id").shift(1)).sum().alias("ids out of order"),
        ((tokens.list.len() == 0) & (pl.col("kind") != "text")).sum().alias("rows without sound tokens"),
        (tokens.list.max() >= SOUND_CODES).sum().alias(f"rows with a token above {SOUND_CODES - 1}"),
        ((pl.col("duration") * TOKENS_PER_SECOND - tokens.list.len()).abs() > LENGTH_TOLERANCE)
        .sum()
        .alias("rows whose duration does not fit their tokens"),
        (pl.col("answer").str.len_bytes() == 0).sum().alias("rows with an empty answer"),
    ).collect()
    for what, count in broken.row(0, named=True).items():
        if count:
            yield Problem(where="dataset", what=f"{count:,} {what}")
    yield from _untraced(ledger, stages, rows)


def _untraced(ledger: Ledger, stages: tuple[StagePlan, ...], rows: pl.LazyFrame) -> Iterator[Problem]:
    """Every published row must have been kept by every stage."""
    for stage in stages:
        kept = ledger.verdicts(stage.stage, stage.shards).filter(pl.col("verdict") == KEPT).select("id")
        untraced = rows.select("id").join(kept, on="id", how="anti").select(pl.len()).collect().item()
        if untraced:
            yield Problem(where="dataset", what=f"{untraced:,} rows that {stage.stage} did not keep")
