"""Plan the sample: which rows are said, in shards that are ranges of ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import polars as pl

from sayso.manifests.in_order import in_order
from sayso.manifests.ledger import Ledger
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, shard_key, stage_before
from sayso.stages.rows.mixture import Mixture
from sayso.stages.rows.recordings import IS_RECORDED
from sayso.stages.sample.job import SampleJob
from sayso.stages.sample.sample import Sample, draws_by_source, kind_cutoffs, kind_draws, source_cutoffs
from sayso.stages.sample.shuffle import Shuffle


def plan_sample(
    context: PlanContext, records: Records, config: Sample, mixture: Mixture, shuffle: Shuffle
) -> Sequence[Job]:
    """One job for each range of ids that the shuffle has."""
    seed = context.seed
    draws = draws_by_source(_staying(context.ledger, records), seed)
    limits = source_cutoffs(draws, config)
    with_turns = _with_turns(context.ledger, records, mixture.most_turns)
    kinds = kind_cutoffs(kind_draws(with_turns, limits, seed), mixture)
    parameters: dict[str, object] = {
        **config.model_dump(mode="json"),
        "seed": seed,
        "cutoffs": limits,
        "kinds": kinds,
    }
    packed = records["scatter" if shuffle.is_scattered_only else "gather"]
    jobs = []
    for place in range(shuffle.shards):
        narrow, number = divmod(place, shuffle.per_narrow)
        done = packed[narrow]
        key = shard_key("sample", f"{place:05d}", done.rows_file.sha256)
        jobs.append(SampleJob(key, parameters, done.key.stage, done.key.shard, number, limits, kinds, seed))
    return jobs


def _staying(ledger: Ledger, records: Records) -> Iterator[pl.DataFrame]:
    """The rows that stay so far, by screened shard."""
    read = partial(ledger.rows_of, columns=["id", "source"])
    return in_order(read, records[stage_before(records)], ledger.storage.at_a_time)


def _with_turns(ledger: Ledger, records: Records, most_turns: int) -> Iterator[pl.DataFrame]:
    """The rows that stay so far, shard by shard, how many turns each has (one, where no kind asks for more), and
    whether it is recorded speech.
    """
    turns = pl.col("turns") if most_turns > 1 else pl.lit(1, pl.UInt8).alias("turns")
    read = partial(ledger.rows_of, columns=["id", "turns", "recording"])
    screened = in_order(read, records["screen"], ledger.storage.at_a_time)
    for there, rows in zip(screened, _staying(ledger, records), strict=True):
        known = there.select("id", turns, IS_RECORDED.alias("recorded"))
        yield rows.join(known, on="id", how="left", maintain_order="left")
