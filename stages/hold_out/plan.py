"""Plan the test split: candidates of each kind, then, by groups of shards, which of them are like another row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby
from operator import itemgetter

import polars as pl

from sayso.manifests.records import Record
from sayso.stages.hold_out.hold_out import PURPOSE, HeldOut, candidate_cutoffs, choose_held_out, wanted_by_kind
from sayso.stages.hold_out.job import CandidatesJob, LeaksJob
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, shard_key, stage_before
from sayso.stages.mix.mix import KindDraws, draws_by_kind
from sayso.stages.mix.mixed_rows import mixed_rows
from sayso.stages.mix.plan import mixed_hashes

# Shards to say are small; held against the candidates, so many rows together take about 200 MB.
GROUP_ROWS = 20_000


def plan_candidates(context: PlanContext, records: Records, config: HeldOut) -> Sequence[Job]:
    """One job, or none where nothing is held out."""
    if not config.rows:
        return []
    stage = stage_before(records)
    shards, seed = tuple(done.key.shard for done in records[stage]), context.seed
    draws = _draws(context, records)
    cutoffs = candidate_cutoffs(draws, wanted_by_kind(draws, config.rows))
    parameters: dict[str, object] = {"seed": seed, "cutoffs": cutoffs}
    reads = combine_hashes(mixed_hashes(records, stage).values())
    key = shard_key("candidates", "all", reads)
    return [CandidatesJob(key, parameters, stage, shards, cutoffs, seed)]


def plan_leaks(records: Records, config: HeldOut, ngram: int) -> Sequence[Job]:
    """One job for each group of consecutive shards: the candidates are read and cut into n-grams once for each."""
    if not records["candidates"]:
        return []
    stage = stage_before(records)
    hashes = mixed_hashes(records, stage)
    (found,) = records["candidates"]
    parameters: dict[str, object] = {"ngram": ngram, "min_similarity": config.min_similarity}
    jobs = []
    for number, group in enumerate(_groups(records[stage])):
        reads = combine_hashes([*(hashes[done.key.shard] for done in group), found.rows_file.sha256])
        key = shard_key("leaks", f"{number:05d}", reads)
        shards = tuple(done.key.shard for done in group)
        jobs.append(LeaksJob(key, parameters, stage, shards, ngram, config.min_similarity))
    return jobs


def _groups(records: Sequence[Record]) -> list[list[Record]]:
    """Consecutive records of about `GROUP_ROWS` rows together, at least one in each group."""
    ends = accumulate(done.rows_out for done in records)
    numbered = zip((max(0, end - 1) // GROUP_ROWS for end in ends), records, strict=True)
    return [[done for _, done in group] for _, group in groupby(numbered, key=itemgetter(0))]


def held_out_ids(context: PlanContext, records: Records, config: HeldOut) -> pl.Series:
    """The ids of the test split, sorted; none where nothing is held out."""
    if not records["candidates"]:
        return pl.Series("id", [], pl.String)
    leaks = pl.concat(context.ledger.rows_of(done, ["id"]) for done in records["leaks"])
    candidates = context.ledger.rows_of(records["candidates"][0], ["id", "kind", "draw"])
    wanted = wanted_by_kind(_draws(context, records), config.rows)
    return choose_held_out(candidates, leaks, wanted)


def _draws(context: PlanContext, records: Records) -> KindDraws:
    stage = stage_before(records)
    parts = (mixed_rows(context.ledger, stage, done.key.shard, ["id", "kind"]) for done in records[stage])
    return draws_by_kind(parts, context.seed, PURPOSE)
