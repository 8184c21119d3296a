"""Find out what a run has to do, stage by stage, without doing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sayso.manifests.records import Record
from sayso.pipeline.cost import Cost, ShardsToDo, Why
from sayso.pipeline.finished_shards import FinishedShards, PlannedShard
from sayso.pipeline.recipe import Recipe
from sayso.pipeline.stage_table import Stage
from sayso.stages.jobs.plan_context import PlanContext, Records
from sayso.stages.speech.weights.finding import without_fetching


def cost_of(
    stages: Sequence[Stage],
    recipe: Recipe,
    context: PlanContext,
    shards: FinishedShards,
    before: Sequence[PlannedShard],
) -> Cost:
    """What there is to do in `stages`, where all shards of the stages `before` them are finished. Changes nothing.

    Behind the first stage with something to do, stages are planned from what the folder holds now. What is planned
    otherwise even so is done again in any case, all else if the rows that come in will be others. What nobody can plan
    as long as a file is damaged is known only when that was made anew, with the bytes that it had.
    """
    records: Records = defaultdict(list)
    for shard in before:
        records[shard.job.key.stage] += [shard.finished] if shard.finished else []
    found, to_do = [*before], list[ShardsToDo]()
    first: str | None = None
    for place, stage in enumerate(stages):
        try:
            with without_fetching():
                planned = shards.look_up(stage.plan(recipe, context, records))
        except Exception:  # what the folder holds may be of several plans, which do not fit together
            if not to_do:
                raise
            behind = stages[place:]
            break
        found += [shard for shard in planned if shard.finished and first is None]
        to_do += _parts(stage.name, planned, first)
        if first is None and any(shard.changes or not shard.record for shard in planned if not shard.finished):
            first = stage.name
        standing = [shard.record for shard in planned if shard.record]
        if len(standing) < len(planned):
            behind = stages[place + 1 :]
            break
        records[stage.name] = standing
    else:
        behind = ()
    in_folder = {stage.name: [record for _, record in context.ledger.recorded_shards(stage.name)] for stage in behind}
    followers = {stage: done for stage, done in in_folder.items() if done and first}
    to_do += [_part(stage, (), first, done, len(done)) for stage, done in followers.items()]
    return Cost(
        finished=len(found),
        kept_speech=sum(shard.is_kept for shard in found),
        to_do=tuple(to_do),
        not_planned=tuple(stage for stage in in_folder if stage not in followers),
    )


def _parts(stage: str, planned: Iterable[PlannedShard], first: str | None) -> Iterator[ShardsToDo]:
    """The shards of a stage that are to do, by the reason; the finished ones follow from `first`, if there is one."""
    parts: defaultdict[tuple[Why, ...], list[PlannedShard]] = defaultdict(list)
    for shard in planned:
        parts[_why(shard)].append(shard)
    for why, alike in parts.items():
        if why or first:
            records = [shard.record for shard in alike if shard.record]
            yield _part(stage, why, None if why else first, records, len(alike))


def _why(shard: PlannedShard) -> tuple[Why, ...]:
    if shard.damage:
        return ("damaged",)
    if shard.finished:
        return ()
    return shard.changes or ("new",)


def _part(stage: str, why: tuple[Why, ...], first: str | None, records: Sequence[Record], shards: int) -> ShardsToDo:
    return ShardsToDo(
        stage=stage,
        shards=shards,
        why=why,
        follows_from=first,
        rows=sum(record.rows_in for record in records),
        seconds=round(sum(record.seconds for record in records), 3),
    )
