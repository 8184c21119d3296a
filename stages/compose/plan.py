"""Plan the published shards: of which split they are, and which rows of which spoken or mixed shards make each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import polars as pl

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record
from sayso.stages.compose.compose import Compose, Split, shard_names
from sayso.stages.compose.job import ComposeJob, ShardSlice
from sayso.stages.compose.parquet_shards import TEXTS, estimated_bytes
from sayso.stages.hold_out.plan import held_out_ids
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, shard_key, stage_before
from sayso.stages.mix.mixed_rows import mixed_rows
from sayso.stages.mix.plan import mixed_hashes
from sayso.stages.rows.id_ranges import id_range

SHARD_BYTES = 250_000_000


def plan_compose(context: PlanContext, records: Records, config: Compose, sound: SoundFormat) -> Sequence[Job]:
    """One job for each published shard, all of a split even; there is a test split where rows are held out."""
    stage = stage_before(records)
    held_out = _by_shard(held_out_ids(context, records, config.held_out), [done.key.shard for done in records[stage]])
    tested = {name: len(ids) for name, ids in held_out.items()}
    trained = {done.key.shard: done.rows_out - tested[done.key.shard] for done in records[stage]}
    rows_per_shard = config.rows_per_shard or _rows_per_shard(context.ledger, records[stage])
    jobs: list[Job] = []
    splits: dict[Split, dict[str, int]] = {"train": trained, "test": tested}
    for split, sizes in splits.items():
        if split == "train" or any(sizes.values()):
            jobs.extend(_jobs(context, records, config, sound, split, sizes, held_out, rows_per_shard))
    return jobs


def _by_shard(ids: pl.Series, shards: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The ids that lie in each shard, which is a range of ids."""
    ranges = (id_range(number, len(shards)) for number in range(len(shards)))
    return {
        shard: tuple(ids.filter((ids >= first) & (ids < following)))
        for shard, (first, following) in zip(shards, ranges, strict=True)
    }


def _rows_per_shard(ledger: Ledger, before: Sequence[Record]) -> int:
    """So many rows that all shards have about `SHARD_BYTES`."""
    size = sum(_estimated_bytes(ledger, done) for done in before)
    rows = sum(done.rows_out for done in before)
    return max(1, math.ceil(rows / max(1, math.ceil(size / SHARD_BYTES))))


def _estimated_bytes(ledger: Ledger, done: Record) -> int:
    rows = mixed_rows(ledger, done.key.stage, done.key.shard, ["sound_tokens", *TEXTS])
    return estimated_bytes(rows, "audio" in ledger.table_in(done, done.rows_file.name).columns)


def _jobs(
    context: PlanContext,
    records: Records,
    config: Compose,
    sound: SoundFormat,
    split: Split,
    sizes: Mapping[str, int],
    held_out: Mapping[str, tuple[str, ...]],
    rows_per_shard: int,
) -> Iterator[Job]:
    """The jobs of one split, of which each shard of the stage before has so many rows."""
    stage = stage_before(records)
    parameters = {**config.model_dump(mode="json"), "sound": sound.model_dump(mode="json"), "seed": context.seed}
    hashes = mixed_hashes(records, stage)
    names = shard_names(split, sum(sizes.values()), rows_per_shard)
    for number, slices in enumerate(_slices(sizes, rows_per_shard)):
        ids = tuple(chain.from_iterable(held_out[part.shard] for part in slices))
        reads = combine_hashes(hashes[part.shard] for part in slices)
        key = shard_key("compose", names[number], reads)
        first = number * rows_per_shard
        yield ComposeJob(key, parameters, config, sound, context.seed, stage, split, slices, ids, first)


def _slices(sizes: Mapping[str, int], rows_per_shard: int) -> list[tuple[ShardSlice, ...]]:
    """Which rows of which shards make each published shard: consecutive, exact to one row."""
    cut: list[list[ShardSlice]] = [[]]
    room = rows_per_shard
    for shard, rows in sizes.items():
        offset = 0
        while offset < rows:
            if room == 0:
                cut.append([])
                room = rows_per_shard
            taken = min(room, rows - offset)
            cut[-1].append(ShardSlice(shard, offset, taken))
            offset += taken
            room -= taken
    if not cut[0]:
        cut[0].append(ShardSlice(next(iter(sizes)), 0, 0))
    return [tuple(part) for part in cut]
