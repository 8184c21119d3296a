"""Plan the search for overlap with evaluations: the evaluations' texts by file, verdicts by screened shard."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from sayso.stages.decontaminate.decontaminate import Decontaminate
from sayso.stages.decontaminate.evaluation_job import EvaluationJob
from sayso.stages.decontaminate.evaluations import evaluation_files
from sayso.stages.decontaminate.job import DecontaminateJob
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, shard_key, stage_before
from sayso.stages.screen.plan import screened_hashes


def plan_evaluations(context: PlanContext, config: Decontaminate) -> Sequence[Job]:
    """One job for each file of an evaluation set, before any other work: a set that cannot be read is known at once."""
    files = list(
        chain.from_iterable(evaluation_files(one, context.base, context.commit(one.hub)) for one in config.against)
    )
    parameters: dict[str, object] = {"ngram": config.ngram}
    jobs = []
    for number, file in enumerate(files):
        reads = combine_hashes([f"{file.name} {file.content}"])
        key = shard_key("evaluations", f"{file.evaluation}-{number:05d}", reads)
        jobs.append(EvaluationJob(key, parameters, file.identity(), file, config.ngram))
    return jobs


def plan_decontaminate(records: Records, config: Decontaminate) -> Sequence[Job]:
    """One job for each screened shard, or none where the recipe names no evaluation set; shard names stay."""
    evaluations = records["evaluations"]
    if not evaluations:
        return []
    parameters: dict[str, object] = {"ngram": config.ngram, "min_share": config.min_share}
    against = combine_hashes(done.rows_file.sha256 for done in evaluations)
    names = tuple(done.key.shard for done in evaluations)
    stays = stage_before(records)
    jobs = []
    for shard, rows in screened_hashes(records, stays).items():
        key = shard_key("decontaminate", shard, combine_hashes([rows, against]))
        jobs.append(DecontaminateJob(key, parameters, config.ngram, config.min_share, names, against, stays))
    return jobs
