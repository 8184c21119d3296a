"""Plan the reading of the sources: a survey of their files in groups, then their rows in even shards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipeline.fingerprint import combined
from pipeline.ingest_jobs import IngestJob
from pipeline.jobs import Job
from pipeline.planning import Records, Setting, shard_key
from pipeline.recipe import Recipe
from pipeline.survey_jobs import SurveyJob
from stages.hub import commit_of
from stages.ingest import cut_shards
from stages.sources import Source
from stages.survey import groups


def commits_of(recipe: Recipe, known: Mapping[str, str]) -> dict[str, str]:
    """The commit of each dataset of the Hub in a recipe, by its label; one that is known already stays as it is.

    Raises SourceError where one cannot be had.
    """
    sources = (*recipe.sources, *recipe.decontaminate.against)
    hubs = {source.hub.label: source.hub for source in sources if source.hub}
    return {label: known.get(label) or commit_of(hub) for label, hub in hubs.items()}


def plan_survey(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each group of files; the key holds what tells a changed file, so that none is surveyed twice."""
    jobs = []
    for source in setting.recipe.sources:
        files = setting.files[source.name]
        parameters: dict[str, object] = {
            "schema": source.schema_name,
            "columns": source.columns,
            "limit": source.limit,
            "unreadable_files": source.unreadable_files,
            "max_lost_share": source.max_lost_share,
            "limits": source.limits.model_dump(),
        }
        # A limit is reached file by file, so they are surveyed one after the other, and only as many as it takes.
        grouped = groups(files) if source.limit is None else [files]
        for number, group in enumerate(grouped):
            reads = combined(f"{file.name} {file.size} {file.version}" for file in group)
            key = shard_key("survey", f"{source.name}-{number:05d}", reads)
            job = SurveyJob(
                key=key,
                parameters=parameters,
                schema=source.schema_name,
                columns=source.columns,
                limit=source.limit,
                unreadable_files=source.unreadable_files,
                max_lost_share=source.max_lost_share,
                files=tuple(group),
            )
            jobs.append(job)
    return jobs


def plan_ingest(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each shard that the surveyed files are cut into."""
    jobs = []
    rows, seed = setting.recipe.resources.text_shard_rows, setting.recipe.seed
    most_turns = setting.recipe.mixture.most_turns
    for source in setting.recipe.sources:
        surveys = [done for done in records["survey"] if _is_of(done.key.shard, source)]
        surveyed = pl.concat(setting.ledger.rows_of(done) for done in surveys)
        files, reading = setting.files[source.name], source.reading(seed, most_turns)
        shards = cut_shards(source, files, surveyed, setting.commit(source), rows, reading)
        for number, shard in enumerate(shards):
            parameters: dict[str, object] = {"source": source.model_dump(mode="json", by_alias=True)}
            reads = combined([shard.identity()])
            key = shard_key("ingest", f"{source.name}-{number:05d}", reads)
            jobs.append(IngestJob(key, parameters, shard, tuple(done.key.shard for done in surveys)))
    return jobs


def _is_of(shard: str, source: Source) -> bool:
    return shard.rpartition("-")[0] == source.name
