"""Plan the reading of the sources: a survey of their files in groups, then their rows in even shards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from sayso.stages.ingest.ingest import cut_shards
from sayso.stages.ingest.job import IngestJob
from sayso.stages.ingest.survey import groups
from sayso.stages.ingest.survey_job import SurveyJob
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, shard_key
from sayso.stages.sources.hub_datasets import HubDataset, commit_of
from sayso.stages.sources.schemas.known_schemas import schema_plugins
from sayso.stages.sources.source import Source


def commits_of(hubs: Iterable[HubDataset], known: Mapping[str, str]) -> dict[str, str]:
    """The commit of each dataset of the Hub, by its label; one that is known already stays as it is.

    Raises SourceError where one cannot be had.
    """
    return {hub.label: known.get(hub.label) or commit_of(hub) for hub in hubs}


def plan_survey(context: PlanContext, sources: Sequence[Source]) -> Sequence[Job]:
    """One job for each group of files; the key holds what tells a changed file, so that none is surveyed twice."""
    jobs = []
    for source in sources:
        files = context.files(source)
        parameters: dict[str, object] = {
            "schema": source.schema_name,
            "columns": source.columns,
            "roles": source.roles,
            "rows_at": source.rows_at,
            "limit": source.limit,
            "unreadable_files": source.unreadable_files,
            "max_lost_share": source.max_lost_share,
            "limits": source.limits.model_dump(),
        }
        # A limit is reached file by file, so they are surveyed one after the other, and only as many as it takes.
        grouped = groups(files) if source.limit is None else [files]
        for number, group in enumerate(grouped):
            reads = combine_hashes(f"{file.name} {file.size} {file.version}" for file in group)
            key = shard_key("survey", f"{source.name}-{number:05d}", reads)
            job = SurveyJob(
                key=key,
                parameters=parameters,
                schema=source.schema_name,
                columns=source.columns,
                roles=source.roles,
                limit=source.limit,
                unreadable_files=source.unreadable_files,
                max_lost_share=source.max_lost_share,
                plugins=schema_plugins(source.schema_name),
                files=tuple(group),
            )
            jobs.append(job)
    return jobs


def plan_ingest(
    context: PlanContext, records: Records, sources: Sequence[Source], shard_rows: int, most_turns: int
) -> Sequence[Job]:
    """One job for each shard of so many rows that the surveyed files are cut into."""
    jobs = []
    for source in sources:
        surveyed_by = [done for done in records["survey"] if _is_of(done.key.shard, source)]
        surveyed = pl.concat(context.ledger.rows_of(done) for done in surveyed_by)
        surveys, plugins = tuple(done.key.shard for done in surveyed_by), schema_plugins(source.schema_name)
        files, options = context.files(source), source.reading_options(context.seed, most_turns)
        shards = cut_shards(source, files, surveyed, context.commit(source.hub), shard_rows, options)
        for number, shard in enumerate(shards):
            parameters: dict[str, object] = {"source": source.model_dump(mode="json", by_alias=True)}
            # The size is that of now, and the hash that of the survey, which a dry run does not make anew.
            reads = combine_hashes(f"{one.name} {one.size} {one.content}" for one in shard.slices)
            key = shard_key("ingest", f"{source.name}-{number:05d}", reads)
            jobs.append(IngestJob(key, parameters, shard.identity(), plugins, shard, surveys))
    return jobs


def _is_of(shard: str, source: Source) -> bool:
    return shard.rpartition("-")[0] == source.name
