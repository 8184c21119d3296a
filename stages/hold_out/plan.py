"""Plan the test split: candidates of each kind, then, by groups of shards, which of them are like another row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby
from operator import itemgetter

import polars as pl

from manifests.records import Record
from pipeline.fingerprint import combined
from pipeline.held_out_jobs import CandidatesJob, LeaksJob
from pipeline.jobs import Job
from pipeline.planning import Records, Setting, mixed_stage, shard_key
from stages.held_out import PURPOSE, candidate_cutoffs, held_out, wanted_by_kind
from stages.mix import Draws, draws_by_kind

# Shards to say are small; held against the candidates, so many rows together take about 200 MB.
GROUP_ROWS = 20_000


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
    key = shard_key("candidates", "all", reads)
    return [CandidatesJob(key, parameters, stage, shards, cuts, seed)]


def plan_leaks(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each group of consecutive shards: the candidates are read and cut into n-grams once for each."""
    if not records["candidates"]:
        return []
    stage = mixed_stage(records)
    (found,) = records["candidates"]
    ngram, min_similarity = setting.recipe.deduplicate.ngram, setting.recipe.compose.held_out.min_similarity
    parameters: dict[str, object] = {"ngram": ngram, "min_similarity": min_similarity}
    jobs = []
    for number, group in enumerate(_groups(records[stage])):
        reads = combined([*(done.rows_file.sha256 for done in group), found.rows_file.sha256])
        key = shard_key("leaks", f"{number:05d}", reads)
        shards = tuple(done.key.shard for done in group)
        jobs.append(LeaksJob(key, parameters, stage, shards, ngram, min_similarity))
    return jobs


def _groups(records: Sequence[Record]) -> list[list[Record]]:
    """Consecutive records of about `GROUP_ROWS` rows together, at least one in each group."""
    ends = accumulate(done.rows_out for done in records)
    numbered = zip((max(0, end - 1) // GROUP_ROWS for end in ends), records, strict=True)
    return [[done for _, done in group] for _, group in groupby(numbered, key=itemgetter(0))]


def held_out_ids(setting: Setting, records: Records) -> pl.Series:
    """The ids of the test split, sorted; none where nothing is held out."""
    if not records["candidates"]:
        return pl.Series("id", [], pl.String)
    leaks = pl.concat(setting.ledger.rows_of(done, ["id"]) for done in records["leaks"])
    candidates = setting.ledger.rows_of(records["candidates"][0], ["id", "kind", "draw"])
    wanted = wanted_by_kind(_draws(setting, records), setting.recipe.compose.held_out.rows)
    return held_out(candidates, leaks, wanted)


def _draws(setting: Setting, records: Records) -> Draws:
    parts = (setting.ledger.rows_of(done, ["id", "kind"]) for done in records[mixed_stage(records)])
    return draws_by_kind(parts, setting.recipe.seed, PURPOSE)
