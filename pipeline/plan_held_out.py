"""Plan the test split: candidates of each kind, then, by shard, which of them are like another row."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.fingerprint import combined
from pipeline.held_out_jobs import CandidatesJob, LeaksJob
from pipeline.jobs import Job
from pipeline.planning import Records, Setting, mixed_stage, shard_key
from stages.held_out import PURPOSE, candidate_cutoffs, held_out, wanted_by_kind
from stages.mix import Draws, draws_by_kind


def plan_candidates(setting: Setting, records: Records) -> Sequence[Job]:
    """One job, or none where nothing is held out."""
    rows = setting.recipe.compose.held_out.rows
    if not rows:
        return []
    stage = mixed_stage(records)
    shards, seed = tuple(done.key.shard for done in records[stage]), setting.recipe.seed
    draws = _draws(setting, records)
    cuts = candidate_cutoffs(draws, wanted_by_kind(draws, rows))
    parameters: dict[str, object] = {"seed": seed, "cutoffs": cuts}
    reads = combined(done.rows_file.sha256 for done in records[stage])
    key = shard_key("candidates", "all", "stages.held_out", parameters, reads)
    return [CandidatesJob(key, parameters, stage, shards, cuts, seed)]


def plan_leaks(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each shard that is composed; shard names stay."""
    if not records["candidates"]:
        return []
    stage = mixed_stage(records)
    (found,) = records["candidates"]
    ngram, min_similarity = setting.recipe.deduplicate.ngram, setting.recipe.compose.held_out.min_similarity
    parameters: dict[str, object] = {"ngram": ngram, "min_similarity": min_similarity}
    jobs = []
    for done in records[stage]:
        reads = combined([done.rows_file.sha256, found.rows_file.sha256])
        key = shard_key("leaks", done.key.shard, "stages.held_out", parameters, reads)
        jobs.append(LeaksJob(key, parameters, stage, ngram, min_similarity))
    return jobs


def held_out_ids(setting: Setting, records: Records) -> pl.Series:
    """The ids of the test split, sorted; none where nothing is held out."""
    if not records["candidates"]:
        return pl.Series("id", [], pl.String)
    leaks = setting.ledger.rows("leaks", [done.key.shard for done in records["leaks"]]).select("id").collect()
    candidates = setting.ledger.rows("candidates", ["all"]).select("id", "kind", "draw").collect()
    wanted = wanted_by_kind(_draws(setting, records), setting.recipe.compose.held_out.rows)
    return held_out(candidates, leaks, wanted)


def _draws(setting: Setting, records: Records) -> Draws:
    stage = mixed_stage(records)
    shards = [done.key.shard for done in records[stage]]
    parts = (setting.ledger.rows(stage, [shard]).select("id", "kind").collect() for shard in shards)
    return draws_by_kind(parts, setting.recipe.seed, PURPOSE)
