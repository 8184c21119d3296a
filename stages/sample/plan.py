"""Plan the sample: which rows are said, in shards that are ranges of ids."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import polars as pl

from pipeline.fingerprint import combined
from pipeline.jobs import Job
from pipeline.planning import Records, Setting, shard_key
from pipeline.sample_jobs import SampleJob
from stages.sample import cutoffs, draws_by_source, id_range, kind_cuts, kind_draws, ranges_for


def plan_sample(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each range of ids; how many there are follows from the rows that are wanted."""
    config, mixture, seed = setting.recipe.sample, setting.recipe.mixture, setting.recipe.seed
    screened = tuple(done.key.shard for done in records["screen"])
    partitions = tuple(done.key.shard for done in records["deduplicate"])
    draws = draws_by_source(_unique(setting, records), seed)
    limits = cutoffs(draws, config)
    kinds = kind_cuts(kind_draws(_with_turns(setting, records), limits, seed), mixture)
    wanted = min(sum(of.size for of in draws.values()), config.rows or sys.maxsize)
    names = ranges_for(wanted, setting.recipe.resources.speech_shard_rows)
    parameters: dict[str, object] = {**config.model_dump(mode="json"), "seed": seed, "cutoffs": limits, "kinds": kinds}
    reads = combined(done.rows_file.sha256 for done in (*records["screen"], *records["deduplicate"]))
    jobs = []
    for number, name in enumerate(names):
        ids = id_range(number, len(names))
        key = shard_key("sample", name, reads)
        jobs.append(SampleJob(key, parameters, screened, partitions, ids, limits, kinds, seed))
    return jobs


def _unique(setting: Setting, records: Records) -> Iterator[pl.DataFrame]:
    """The unique rows, shard by shard."""
    return (setting.ledger.rows_of(done, ["id", "source"]) for done in records["deduplicate"])


def _with_turns(setting: Setting, records: Records) -> Iterator[pl.DataFrame]:
    """The unique rows and how many turns each has, shard by shard; one, where no kind asks for more."""
    unique = _unique(setting, records)
    if setting.recipe.mixture.most_turns == 1:
        yield from (rows.with_columns(pl.lit(1, pl.UInt8).alias("turns")) for rows in unique)
        return
    screened = {done.key.shard: done for done in records["screen"]}
    for done, rows in zip(records["deduplicate"], unique, strict=True):
        turns = setting.ledger.rows_of(screened[done.key.shard], ["id", "turns"])
        yield rows.join(turns, on="id", how="left", maintain_order="left")
