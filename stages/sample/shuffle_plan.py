"""Plan the shuffle: the jobs that bring the rows of all screened shards into ranges of ids."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.manifests.records import Record
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import Records, shard_key, stage_before
from sayso.stages.rows.id_ranges import shards_for
from sayso.stages.sample.sample import Sample
from sayso.stages.sample.shuffle import ScreenedShard, Shuffle, shuffle_of
from sayso.stages.sample.shuffle_job import RegroupJob, ScatterJob
from sayso.stages.screen.plan import screened_hashes


def planned_shuffle(records: Records, config: Sample, shard_rows: int, part_rows: int) -> Shuffle:
    """How the rows that stay so far come into ranges of about `shard_rows` rows that are wanted."""
    screened = [
        ScreenedShard(stays.rows_out, done.rows_file.bytes)
        for done, stays in zip(records["screen"], records[stage_before(records)], strict=True)
    ]
    staying = sum(one.rows for one in screened)
    wanted = staying if config.rows is None else min(staying, config.rows)
    return shuffle_of(screened, shards_for(wanted, shard_rows), part_rows)


def plan_scatter(records: Records, shuffle: Shuffle) -> Sequence[Job]:
    """One job for the screened shards of each part; where that is all, the ranges are those of the sample."""
    stays, hashes = stage_before(records), list(screened_hashes(records, stage_before(records)).items())
    bounds = shuffle.shard_bounds(0) if shuffle.is_scattered_only else shuffle.wide_bounds()
    jobs = []
    for number, part in enumerate(shuffle.parts):
        shards, reads = zip(*hashes[part.start : part.stop], strict=True)
        key = shard_key("scatter", f"{number:05d}", combine_hashes(reads))
        jobs.append(ScatterJob(key, {}, stays, shards, bounds))
    return jobs


def plan_subdivide(records: Records, shuffle: Shuffle) -> Sequence[Job]:
    """One job for each wide range of each group of scattered shards, where these are too many to read together."""
    if not shuffle.is_subdivided:
        return []
    groups = [records["scatter"][group.start : group.stop] for group in shuffle.groups]
    reads = [_reads(group) for group in groups]
    return [
        RegroupJob(
            shard_key("subdivide", f"{wide:05d}-{number:05d}", reads[number]),
            {},
            "scatter",
            _names(group),
            wide,
            shuffle.narrow_bounds(wide),
        )
        for wide in range(shuffle.wide)
        for number, group in enumerate(groups)
    ]


def plan_gather(records: Records, shuffle: Shuffle) -> Sequence[Job]:
    """One job for each narrow range, unless all rows are in one file already."""
    if shuffle.is_scattered_only:
        return []
    stage = "subdivide" if shuffle.is_subdivided else "scatter"
    files = len(shuffle.groups) if shuffle.is_subdivided else len(records[stage])
    jobs = []
    for wide in range(shuffle.wide if shuffle.is_subdivided else 1):
        read = records[stage][wide * files : (wide + 1) * files]
        reads, names = _reads(read), _names(read)
        narrow = range(len(shuffle.narrow_bounds(wide)) - 1 if shuffle.is_subdivided else shuffle.narrow)
        for number in narrow:
            place = wide * shuffle.per_wide + number
            key = shard_key("gather", f"{place:05d}", reads)
            jobs.append(RegroupJob(key, {}, stage, names, number, shuffle.shard_bounds(place)))
    return jobs


def _reads(records: Sequence[Record]) -> str:
    return combine_hashes(done.rows_file.sha256 for done in records)


def _names(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(done.key.shard for done in records)
