"""Plan the search for duplicates: signatures by shard, pairs by band, clusters once, verdicts by shard."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from itertools import accumulate

from sayso.stages.deduplicate.cluster_job import ClusterJob
from sayso.stages.deduplicate.deduplicate import Deduplicate
from sayso.stages.deduplicate.job import DeduplicateJob
from sayso.stages.deduplicate.pair_job import ROWS_PER_PART, BandPairsJob, TextPairsJob
from sayso.stages.deduplicate.signature_job import SignatureJob
from sayso.stages.deduplicate.signature_tables import SignatureShards
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import Records, shard_key, stage_before
from sayso.stages.screen.plan import screened_hashes

TEXT = "text"


def plan_signatures(records: Records, config: Deduplicate) -> Sequence[Job]:
    """One job for each screened shard, for the rows that stay so far; shard names stay."""
    parameters: dict[str, object] = {
        **config.model_dump(mode="json", include={"ngram", "bands", "band_rows"}),
        # Signatures by another version of it would find no partner.
        "rensa": version("rensa"),
    }
    stays = stage_before(records)
    return [
        SignatureJob(
            shard_key("signatures", shard, reads), parameters, config.ngram, config.bands, config.band_rows, stays
        )
        for shard, reads in screened_hashes(records, stays).items()
    ]


def plan_pairs(records: Records, config: Deduplicate, sources: tuple[str, ...]) -> Sequence[Job]:
    """One job for the texts and one for each band, or several where there are too many rows for one.

    `sources` are in the order of their priority.
    """
    signatures, reads = _signature_shards(records), _reads(records, "signatures")
    parts = -(-sum(done.rows_out for done in records["signatures"]) // ROWS_PER_PART) or 1
    by_text: dict[str, object] = {"priority": list(sources)}
    by_band = {**by_text, "min_similarity": config.min_similarity}
    jobs: list[Job] = []
    for part in range(parts):
        cut = f"{part:03d}-of-{parts:03d}"
        if config.compare != "nothing":
            key = shard_key("pairs", f"{TEXT}-{cut}", reads)
            jobs.append(TextPairsJob(key, by_text, sources, signatures, part, parts))
        for band in range(config.bands if config.compare == "ngrams" else 0):
            key = shard_key("pairs", f"band-{band:02d}-{cut}", reads)
            jobs.append(BandPairsJob(key, by_band, sources, config.min_similarity, signatures, band, part, parts))
    return jobs


def plan_clusters(records: Records, sources: tuple[str, ...]) -> Sequence[Job]:
    """One job that sees every pair."""
    names = [done.key.shard for done in records["pairs"]]
    parameters: dict[str, object] = {"priority": list(sources)}
    reads = combine_hashes([_reads(records, "signatures"), _reads(records, "pairs")])
    key = shard_key("clusters", "all", reads)
    same = tuple(name for name in names if name.startswith(TEXT))
    near = tuple(name for name in names if not name.startswith(TEXT))
    return [ClusterJob(key, parameters, sources, _signature_shards(records), same, near)]


def plan_deduplicate(records: Records, config: Deduplicate) -> Sequence[Job]:
    """One job for each shard of signatures: what the clusters say of its rows, as verdicts."""
    parameters: dict[str, object] = config.model_dump(mode="json")
    clusters = records["clusters"][0].rows_file.sha256
    jobs = []
    for done, start in zip(records["signatures"], _signature_shards(records).starts, strict=True):
        reads = combine_hashes([done.rows_file.sha256, clusters])
        key = shard_key("deduplicate", done.key.shard, reads)
        jobs.append(DeduplicateJob(key, parameters, start, done.rows_out))
    return jobs


def _signature_shards(records: Records) -> SignatureShards:
    signatures = records["signatures"]
    ends = list(accumulate((done.rows_out for done in signatures), initial=0))
    return SignatureShards(tuple(done.key.shard for done in signatures), tuple(ends[:-1]))


def _reads(records: Records, stage: str) -> str:
    return combine_hashes(done.rows_file.sha256 for done in records[stage])
