"""Plan the published shards: of which split they are, and which rows of which spoken or mixed shards make each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import polars as pl

from manifests.ledger import Ledger
from manifests.records import Record
from pipeline.compose_jobs import ComposeJob, Slice
from pipeline.fingerprint import combined
from pipeline.jobs import Job
from pipeline.plan_held_out import held_out_ids
from pipeline.planning import Records, Setting, mixed_stage, shard_key
from stages.compose import Split, shard_names
from stages.parquet_shards import TEXTS, estimated_bytes
from stages.sample import id_range

SHARD_BYTES = 250_000_000


def plan_compose(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each published shard, all of a split even; there is a test split where rows are held out."""
    stage = mixed_stage(records)
    held_out = _by_shard(held_out_ids(setting, records), [done.key.shard for done in records[stage]])
    tested = {name: len(ids) for name, ids in held_out.items()}
    trained = {done.key.shard: done.rows_out - tested[done.key.shard] for done in records[stage]}
    jobs = list(_jobs(setting, records, "train", trained, held_out))
    return [*jobs, *_jobs(setting, records, "test", tested, held_out)] if any(tested.values()) else jobs


def _by_shard(ids: pl.Series, shards: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The ids that lie in each shard, which is a range of ids."""
    ranges = (id_range(number, len(shards)) for number in range(len(shards)))
    return {
        shard: tuple(ids.filter((ids >= first) & (ids < following)))
        for shard, (first, following) in zip(shards, ranges, strict=True)
    }


def _rows_per_shard(setting: Setting, records: Records) -> int:
    """What the recipe says, or so many that all shards have about `SHARD_BYTES`."""
    given, before = setting.recipe.compose.rows_per_shard, records[mixed_stage(records)]
    if given:
        return given
    size = sum(_estimated_bytes(setting.ledger, done) for done in before)
    rows = sum(done.rows_out for done in before)
    return max(1, math.ceil(rows / max(1, math.ceil(size / SHARD_BYTES))))


def _estimated_bytes(ledger: Ledger, done: Record) -> int:
    table = ledger.table_in(done, done.rows_file.name)
    return estimated_bytes(table.read(["sound_tokens", *TEXTS]), "audio" in table.columns)


def _jobs(
    setting: Setting,
    records: Records,
    split: Split,
    sizes: Mapping[str, int],
    held_out: Mapping[str, tuple[str, ...]],
) -> Iterator[Job]:
    """The jobs of one split, of which each shard of the stage before has so many rows."""
    config, seed, stage = setting.recipe.compose, setting.recipe.seed, mixed_stage(records)
    parameters = {**config.model_dump(mode="json"), "seed": seed}
    hashes = {done.key.shard: done.rows_file.sha256 for done in records[stage]}
    rows_per_shard = _rows_per_shard(setting, records)
    names = shard_names(split, sum(sizes.values()), rows_per_shard)
    for number, slices in enumerate(_slices(sizes, rows_per_shard)):
        ids = tuple(chain.from_iterable(held_out[part.shard] for part in slices))
        reads = combined([*(f"{hashes[part.shard]} {part.offset} {part.rows}" for part in slices), *ids])
        key = shard_key("compose", names[number], reads)
        yield ComposeJob(key, parameters, config, seed, stage, split, slices, ids, number * rows_per_shard)


def _slices(sizes: Mapping[str, int], rows_per_shard: int) -> list[tuple[Slice, ...]]:
    """Which rows of which shards make each published shard: consecutive, exact to one row."""
    cut: list[list[Slice]] = [[]]
    room = rows_per_shard
    for shard, rows in sizes.items():
        offset = 0
        while offset < rows:
            if room == 0:
                cut.append([])
                room = rows_per_shard
            taken = min(room, rows - offset)
            cut[-1].append(Slice(shard, offset, taken))
            offset += taken
            room -= taken
    if not cut[0]:
        cut[0].append(Slice(next(iter(sizes)), 0, 0))
    return [tuple(part) for part in cut]
