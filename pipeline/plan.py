"""Plan the stages: which jobs there are, from the recipe and from what the stage before has left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from manifests.records import Record
from pipeline.fingerprint import combined
from pipeline.jobs import ComposeJob, IngestJob, Job, SampleJob, ScreenJob, Slice, SynthesizeJob
from pipeline.plan_decontaminate import plan_decontaminate, plan_evaluations
from pipeline.plan_duplicates import plan_clusters, plan_deduplicate, plan_pairs, plan_signatures
from pipeline.planning import Records, Setting, shard_key
from stages.compose import shard_names
from stages.ingest import plan_shards
from stages.sample import cutoffs, id_range, ranges_for
from stages.speech.models import engine_versions, model_sha256


def _plan_ingest(setting: Setting, records: Records) -> Sequence[Job]:
    jobs = []
    for source in setting.recipe.sources:
        for number, shard in enumerate(plan_shards(source, setting.base, setting.recipe.resources.text_shard_rows)):
            parameters: dict[str, object] = {"source": source.model_dump(mode="json", by_alias=True)}
            reads = combined([shard.identity()])
            key = shard_key("ingest", f"{source.name}-{number:05d}", "stages.ingest", {}, reads)
            jobs.append(IngestJob(key, parameters, shard))
    return jobs


def _plan_screen(setting: Setting, records: Records) -> Sequence[Job]:
    config = setting.recipe.screen
    parameters = config.model_dump(mode="json")
    return [
        ScreenJob(
            shard_key("screen", done.key.shard, "stages.screen", parameters, done.rows_file.sha256), parameters, config
        )
        for done in records["ingest"]
    ]


def _plan_sample(setting: Setting, records: Records) -> Sequence[Job]:
    config, seed = setting.recipe.sample, setting.recipe.seed
    screened = tuple(done.key.shard for done in records["screen"])
    partitions = tuple(done.key.shard for done in records["deduplicate"])
    unique = setting.ledger.rows("deduplicate", partitions).select("id", "source").collect()
    limits = cutoffs(unique, config, seed)
    wanted = min(unique.height, config.rows or unique.height)
    names = ranges_for(wanted, setting.recipe.resources.speech_shard_rows)
    parameters: dict[str, object] = {**config.model_dump(mode="json"), "seed": seed, "cutoffs": limits}
    reads = combined(done.rows_file.sha256 for done in (*records["screen"], *records["deduplicate"]))
    jobs = []
    for number, name in enumerate(names):
        ids = id_range(number, len(names))
        key = shard_key("sample", name, "stages.sample", {**parameters, "ids": ids}, reads)
        jobs.append(SampleJob(key, parameters, screened, partitions, ids, limits, seed))
    return jobs


def _plan_synthesize(setting: Setting, records: Records) -> Sequence[Job]:
    config, seed = setting.recipe.synthesize, setting.recipe.seed
    parameters: dict[str, object] = {
        **config.model_dump(mode="json"),
        "seed": seed,
        "model_sha256": model_sha256(config.tokenizer),
        "engines": engine_versions(config.voices),
    }
    batch = setting.recipe.resources.batch
    return [
        SynthesizeJob(
            shard_key("synthesize", done.key.shard, "stages.synthesize", parameters, done.rows_file.sha256),
            parameters,
            config,
            seed,
            batch,
        )
        for done in records["sample"]
    ]


def _plan_compose(setting: Setting, records: Records) -> Sequence[Job]:
    config = setting.recipe.compose
    parameters = config.model_dump(mode="json")
    spoken = records["synthesize"]
    hashes = {done.key.shard: done.rows_file.sha256 for done in spoken}
    names = shard_names(sum(done.rows_out for done in spoken), config.rows_per_shard)
    jobs = []
    for name, slices in zip(names, _slices(spoken, config.rows_per_shard), strict=True):
        reads = combined(f"{hashes[part.shard]} {part.offset} {part.rows}" for part in slices)
        jobs.append(ComposeJob(shard_key("compose", name, "stages.compose", parameters, reads), parameters, slices))
    return jobs


def _slices(spoken: Sequence[Record], rows_per_shard: int) -> list[tuple[Slice, ...]]:
    """Which rows of which synthesized shards make each published shard: consecutive, exact to one row."""
    cut: list[list[Slice]] = [[]]
    room = rows_per_shard
    for done in spoken:
        offset = 0
        while offset < done.rows_out:
            if room == 0:
                cut.append([])
                room = rows_per_shard
            taken = min(room, done.rows_out - offset)
            cut[-1].append(Slice(done.key.shard, offset, taken))
            offset += taken
            room -= taken
    if not cut[0]:
        cut[0].append(Slice(spoken[0].key.shard, 0, 0))
    return [tuple(part) for part in cut]


PLANNERS: dict[str, Callable[[Setting, Records], Sequence[Job]]] = {
    "evaluations": plan_evaluations,
    "ingest": _plan_ingest,
    "screen": _plan_screen,
    "decontaminate": plan_decontaminate,
    "signatures": plan_signatures,
    "pairs": plan_pairs,
    "clusters": plan_clusters,
    "deduplicate": plan_deduplicate,
    "sample": _plan_sample,
    "synthesize": _plan_synthesize,
    "compose": _plan_compose,
}
