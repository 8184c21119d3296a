"""Plan the published shards: which rows of which spoken shards each is made of."""

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
    parameters = config.model_dump(mode="json")
    spoken = records["synthesize"]
    hashes = {done.key.shard: done.rows_file.sha256 for done in spoken}
    names = shard_names(sum(done.rows_out for done in spoken), config.rows_per_shard)
    jobs = []
    for name, slices in zip(names, _slices(spoken, config.rows_per_shard), strict=True):
        reads = combined(f"{hashes[part.shard]} {part.offset} {part.rows}" for part in slices)
        jobs.append(ComposeJob(shard_key("compose", name, "stages.compose", parameters, reads), parameters, slices))
    return jobs


def _slices(spoken: Sequence[Record], rows_per_shard: int) -> list[tuple[Slice, ...]]:
    """Which rows of which synthesized shards make each published shard: consecutive, exact to one row."""
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
