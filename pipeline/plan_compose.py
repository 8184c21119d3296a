"""Plan the published shards: which rows of which spoken or mixed shards each is made of."""

from __future__ import annotations

from collections.abc import Sequence

from manifests.records import Record
from pipeline.compose_jobs import ComposeJob, Slice
from pipeline.fingerprint import combined
from pipeline.jobs import Job
from pipeline.planning import Records, Setting, shard_key
from stages.compose import shard_names


def plan_compose(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each published shard, all of them even."""
    config = setting.recipe.compose
    parameters = {**config.model_dump(mode="json"), "seed": setting.recipe.seed}
    stage = "mix" if records["mix"] else "synthesize"
    spoken = records[stage]
    hashes = {done.key.shard: done.rows_file.sha256 for done in spoken}
    names = shard_names(sum(done.rows_out for done in spoken), config.rows_per_shard)
    jobs = []
    for number, slices in enumerate(_slices(spoken, config.rows_per_shard)):
        reads = combined(f"{hashes[part.shard]} {part.offset} {part.rows}" for part in slices)
        key = shard_key("compose", names[number], "stages.compose", parameters, reads)
        first = number * config.rows_per_shard
        jobs.append(ComposeJob(key, parameters, config, setting.recipe.seed, stage, slices, first))
    return jobs


def _slices(spoken: Sequence[Record], rows_per_shard: int) -> list[tuple[Slice, ...]]:
    """Which rows of which shards make each published shard: consecutive, exact to one row."""
    cut: list[list[Slice]] = [[]]
    room = rows_per_shard
    for done in spoken:
        offset = 0
        while offset < done.rows_out:
            if room == 0:
                cut.append([])
                room = rows_per_shard
            taken = min(room, done.rows_out - offset)
            cut[-1].append(Slice(done.key.shard, offset, taken))
            offset += taken
            room -= taken
    if not cut[0]:
        cut[0].append(Slice(spoken[0].key.shard, 0, 0))
    return [tuple(part) for part in cut]
