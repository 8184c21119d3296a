"""Plan the stages: which jobs there are, from the recipe and from what the stage before has left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from manifests.ledger import Ledger
from manifests.records import Record, ShardKey
from pipeline.fingerprint import combined, fingerprint
from pipeline.jobs import ComposeJob, DeduplicateJob, IngestJob, Job, SampleJob, ScreenJob, Slice, SynthesizeJob
from pipeline.recipe import Recipe
from stages.compose import shard_names
from stages.ingest import plan_shards
from stages.sample import cutoffs, id_range, ranges_for
from stages.speech.models import engine_versions, model_sha256

# So many screened shards meet in one partition of the deduplication: about a million short keys.
SHARDS_PER_PARTITION = 64


@dataclass(frozen=True)
class Setting:
    """What is planned: a recipe, the folder its paths start from, and the ledger of the run."""

    recipe: Recipe
    base: Path
    ledger: Ledger


def _key(stage: str, shard: str, module: str, parameters: dict[str, object], reads: str) -> ShardKey:
    return ShardKey(stage=stage, shard=shard, fingerprint=fingerprint(module, parameters), input=reads)


def _plan_ingest(setting: Setting, records: dict[str, list[Record]]) -> Sequence[Job]:
    jobs = []
    for source in setting.recipe.sources:
        for number, shard in enumerate(plan_shards(source, setting.base, setting.recipe.resources.text_shard_rows)):
            parameters: dict[str, object] = {"source": source.model_dump(mode="json", by_alias=True)}
            reads = combined([shard.identity()])
            key = _key("ingest", f"{source.name}-{number:05d}", "stages.ingest", {}, reads)
            jobs.append(IngestJob(key, parameters, shard))
    return jobs


def _plan_screen(setting: Setting, records: dict[str, list[Record]]) -> Sequence[Job]:
    config = setting.recipe.screen
    parameters = config.model_dump(mode="json")
    return [
        ScreenJob(
            _key("screen", done.key.shard, "stages.screen", parameters, done.rows_file.sha256), parameters, config
        )
        for done in records["ingest"]
    ]


def _plan_deduplicate(setting: Setting, records: dict[str, list[Record]]) -> Sequence[Job]:
    config = setting.recipe.deduplicate
    screened = tuple(done.key.shard for done in records["screen"])
    sources = tuple(source.name for source in setting.recipe.sources)
    parameters: dict[str, object] = {**config.model_dump(mode="json"), "priority": list(sources)}
    reads = combined(done.rows_file.sha256 for done in records["screen"])
    partitions = -(-len(screened) // SHARDS_PER_PARTITION)
    jobs = []
    for partition in range(partitions):
        name = f"{partition:05d}-of-{partitions:05d}"
        key = _key("deduplicate", name, "stages.deduplicate", parameters, reads)
        jobs.append(DeduplicateJob(key, parameters, config, sources, screened, partition, partitions))
    return jobs


def _plan_sample(setting: Setting, records: dict[str, list[Record]]) -> Sequence[Job]:
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
        key = _key("sample", name, "stages.sample", {**parameters, "ids": ids}, reads)
        jobs.append(SampleJob(key, parameters, screened, partitions, ids, limits, seed))
    return jobs


def _plan_synthesize(setting: Setting, records: dict[str, list[Record]]) -> Sequence[Job]:
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
            _key("synthesize", done.key.shard, "stages.synthesize", parameters, done.rows_file.sha256),
            parameters,
            config,
            seed,
            batch,
        )
        for done in records["sample"]
    ]


def _plan_compose(setting: Setting, records: dict[str, list[Record]]) -> Sequence[Job]:
    config = setting.recipe.compose
    parameters = config.model_dump(mode="json")
    spoken = records["synthesize"]
    hashes = {done.key.shard: done.rows_file.sha256 for done in spoken}
    names = shard_names(sum(done.rows_out for done in spoken), config.rows_per_shard)
    jobs = []
    for name, slices in zip(names, _slices(spoken, config.rows_per_shard), strict=True):
        reads = combined(f"{hashes[part.shard]} {part.offset} {part.rows}" for part in slices)
        jobs.append(ComposeJob(_key("compose", name, "stages.compose", parameters, reads), parameters, slices))
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


PLANNERS: dict[str, Callable[[Setting, dict[str, list[Record]]], Sequence[Job]]] = {
    "ingest": _plan_ingest,
    "screen": _plan_screen,
    "deduplicate": _plan_deduplicate,
    "sample": _plan_sample,
    "synthesize": _plan_synthesize,
    "compose": _plan_compose,
}
