"""Plan the search for duplicates: frames and signatures, pairs by band, clusters once, verdicts by shard."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from itertools import accumulate

from sayso.stages.deduplicate.cluster_job import ClusterJob
from sayso.stages.deduplicate.deduplicate import Deduplicate
from sayso.stages.deduplicate.frame_job import ROWS_PER_PART as ROWS_COUNTED_AT_A_TIME
from sayso.stages.deduplicate.frame_job import FrameJob
from sayso.stages.deduplicate.job import DeduplicateJob
from sayso.stages.deduplicate.pair_job import ROWS_PER_PART, BandPairsJob, TextPairsJob
from sayso.stages.deduplicate.pairs import Preference
from sayso.stages.deduplicate.signature_job import SignatureJob
from sayso.stages.deduplicate.signature_tables import SignatureShards
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import Records, shard_key, stage_before
from sayso.stages.screen.plan import screened_hashes

TEXT = "text"


def plan_frames(records: Records, config: Deduplicate) -> Sequence[Job]:
    """One job that counts the runs of words of all rows that stay so far, or several where there are too many rows."""
    if config.compare != "ngrams":
        return []
    stays = stage_before(records)
    hashes = screened_hashes(records, stays)
    # In whatever order the shards come: the counts are the same.
    reads, rows = combine_hashes(sorted(hashes.values())), sum(done.rows_out for done in records[stays])
    parts = -(-rows // ROWS_COUNTED_AT_A_TIME) or 1
    above = config.frame_above(rows)
    parameters: dict[str, object] = {"frame_words": config.frame_words, "above": above}
    return [
        FrameJob(
            shard_key("frames", f"{part:03d}-of-{parts:03d}", reads),
            parameters,
            tuple(sorted(hashes)),
            stays,
            config.frame_words,
            above,
            part,
            parts,
        )
        for part in range(parts)
    ]


def plan_signatures(records: Records, config: Deduplicate) -> Sequence[Job]:
    """One job for each screened shard, for the rows that stay so far; shard names stay."""
    parameters: dict[str, object] = {
        **config.model_dump(mode="json", include={"ngram", "bands", "band_rows"}),
        "frame_words": config.frame_words,
        # Signatures by another version of it would find no partner.
        "rensa": version("rensa"),
    }
    stays = stage_before(records)
    frames = tuple(done.key.shard for done in records["frames"])
    framed = _reads(records, "frames")
    return [
        SignatureJob(
            shard_key("signatures", shard, combine_hashes([reads, framed])),
            parameters,
            config.ngram,
            config.bands,
            config.band_rows,
            stays,
            frames,
            framed,
            config.frame_words,
        )
        for shard, reads in screened_hashes(records, stays).items()
    ]


def plan_pairs(records: Records, config: Deduplicate, sources: tuple[str, ...], seed: int) -> Sequence[Job]:
    """One job for the texts and one for each band, or several where there are too many rows for one.

    `sources` are in the order of their priority.
    """
    signatures, reads = _signature_shards(records), _reads(records, "signatures")
    parts = -(-sum(done.rows_out for done in records["signatures"]) // ROWS_PER_PART) or 1
    preference = Preference(sources, config.longest_answer, seed)
    by_text = _preferred(preference)
    thresholds = config.min_similarity, config.min_rest_similarity
    by_band = {**by_text, **config.model_dump(mode="json", include={"min_similarity", "min_rest_similarity"})}
    jobs: list[Job] = []
    for part in range(parts):
        cut = f"{part:03d}-of-{parts:03d}"
        if config.compare != "nothing":
            key = shard_key("pairs", f"{TEXT}-{cut}", reads)
            jobs.append(TextPairsJob(key, by_text, preference, signatures, part, parts))
        for band in range(config.bands if config.compare == "ngrams" else 0):
            key = shard_key("pairs", f"band-{band:02d}-{cut}", reads)
            jobs.append(BandPairsJob(key, by_band, preference, *thresholds, signatures, band, part, parts))
    return jobs


def plan_clusters(records: Records, config: Deduplicate, sources: tuple[str, ...], seed: int) -> Sequence[Job]:
    """One job that sees every pair."""
    preference = Preference(sources, config.longest_answer, seed)
    names = [done.key.shard for done in records["pairs"]]
    reads = combine_hashes([_reads(records, "signatures"), _reads(records, "pairs")])
    key = shard_key("clusters", "all", reads)
    same = tuple(name for name in names if name.startswith(TEXT))
    near = tuple(name for name in names if not name.startswith(TEXT))
    return [ClusterJob(key, _preferred(preference), preference, _signature_shards(records), same, near)]


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


def _preferred(preference: Preference) -> dict[str, object]:
    return {
        "priority": list(preference.sources),
        "longest_answer": preference.longest_answer,
        "seed": preference.seed,
    }


def _signature_shards(records: Records) -> SignatureShards:
    signatures = records["signatures"]
    ends = list(accumulate((done.rows_out for done in signatures), initial=0))
    return SignatureShards(tuple(done.key.shard for done in signatures), tuple(ends[:-1]))


def _reads(records: Records, stage: str) -> str:
    return combine_hashes(done.rows_file.sha256 for done in records[stage])
