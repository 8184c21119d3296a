"""Plan the mixture: how many rows of each kind stay, and which inaudible ones are made for which shard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, shard_key
from sayso.stages.mix.inaudible import INAUDIBLE, inaudible_ids, lengths
from sayso.stages.mix.job import MixJob
from sayso.stages.mix.mix import PURPOSE, KindDraws, cutoffs_for, draws_by_kind
from sayso.stages.rows.id_ranges import id_range
from sayso.stages.rows.kinds import Kind
from sayso.stages.rows.mixture import Mixture, attainable_counts
from sayso.stages.synthesize.plan import spoken_hashes
from sayso.stages.synthesize.spoken_rows import spoken_rows


def plan_mix(context: PlanContext, records: Records, mixture: Mixture, sound: SoundFormat) -> Sequence[Job]:
    """One job for each spoken shard, or none where the recipe asks for no mixture."""
    seed, spoken = context.seed, records["synthesize"]
    if not mixture.is_asked:
        return []
    kinds = (spoken_rows(context.ledger, done.key.shard, ["id", "kind"]) for done in spoken)
    draws = draws_by_kind(kinds, seed, PURPOSE)
    counts = (context.ledger.rows_of(done, ["tokens_per_turn"]) for done in spoken)
    histogram = lengths((part["tokens_per_turn"].explode(empty_as_null=False) for part in counts), sound)
    wanted = attainable_counts(mixture, _there(mixture, draws, histogram))
    cutoffs, made = cutoffs_for(draws, wanted), inaudible_ids(wanted.get(INAUDIBLE, 0), seed)
    # Which rows stay, all speech decides; what else a row holds is the sample's.
    speech, hashes = combine_hashes(done.rows_file.sha256 for done in spoken), spoken_hashes(records)
    parameters: dict[str, object] = {
        **mixture.model_dump(mode="json"),
        "seed": seed,
        "wanted": wanted,
        "cutoffs": cutoffs,
    }
    jobs = []
    for number, done in enumerate(spoken):
        first, following = id_range(number, len(spoken))
        of_range = made.filter((pl.col("id") >= first) & (pl.col("id") < following))
        key = shard_key("mix", done.key.shard, combine_hashes([speech, hashes[done.key.shard]]))
        jobs.append(MixJob(key, parameters, cutoffs, of_range, histogram, sound, seed))
    return jobs


def mixed_hashes(records: Records, stage: str) -> dict[str, str]:
    """What stands for the rows of each shard of `stage` (`mixed_rows`), in the key of whatever reads them."""
    if stage == "synthesize":
        return spoken_hashes(records)
    return {done.key.shard: done.rows_file.sha256 for done in records[stage]}


def _there(mixture: Mixture, draws: KindDraws, histogram: npt.NDArray[np.int64]) -> dict[Kind, int]:
    """How many rows there are of each kind that is asked for; inaudible ones are made once there are lengths."""
    there: dict[Kind, int] = {kind: draws[kind].size if kind in draws else 0 for kind in mixture.asked}
    if histogram.any():
        there.pop(INAUDIBLE, None)
    return there
