"""Plan the search for overlap with evaluations: the evaluations' texts by file, verdicts by screened shard."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from pipeline.decontaminate_jobs import DecontaminateJob
from pipeline.evaluation_jobs import EvaluationJob
from pipeline.fingerprint import combined
from pipeline.jobs import Job
from pipeline.planning import Records, Setting, shard_key
from stages.evaluations import evaluation_files


def plan_evaluations(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each file of an evaluation set, before any other work: a set that cannot be read is known at once."""
    config = setting.recipe.decontaminate
    files = list(
        chain.from_iterable(evaluation_files(one, setting.base, setting.commit(one)) for one in config.against)
    )
    parameters: dict[str, object] = {"ngram": config.ngram}
    jobs = []
    for number, file in enumerate(files):
        reads = combined([file.identity()])
        key = shard_key("evaluations", f"{file.evaluation}-{number:05d}", reads)
        jobs.append(EvaluationJob(key, parameters, file, config.ngram))
    return jobs


def plan_decontaminate(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each screened shard, or none where the recipe names no evaluation set; shard names stay."""
    config = setting.recipe.decontaminate
    evaluations = records["evaluations"]
    if not evaluations:
        return []
    parameters: dict[str, object] = {"ngram": config.ngram, "min_share": config.min_share}
    against = combined(done.rows_file.sha256 for done in evaluations)
    names = tuple(done.key.shard for done in evaluations)
    jobs = []
    for done in records["screen"]:
        reads = combined([done.rows_file.sha256, against])
        key = shard_key("decontaminate", done.key.shard, reads)
        jobs.append(DecontaminateJob(key, parameters, config.ngram, config.min_share, names, against))
    return jobs
