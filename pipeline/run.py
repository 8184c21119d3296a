"""Run a recipe: plan each stage from what the one before it left, carry out what is not done yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from manifests.funnel import funnel
from manifests.ledger import Ledger, NotARun, RunPlan, StagePlan
from manifests.records import Record, ShardKey
from manifests.storage import remove_leftovers
from pipeline.engine import Engine, Stalled
from pipeline.fingerprint import combined, fingerprint
from pipeline.jobs import ComposeJob, DeduplicateJob, IngestJob, Job, SampleJob, ScreenJob, Slice, SynthesizeJob
from pipeline.recipe import Recipe
from pipeline.stage_order import STAGES
from stages.compose import shard_names
from stages.ingest import plan_shards
from stages.publish import SourceLine, card_text, figure, file_list, summarize
from stages.sample import cutoffs, id_range, ranges_for
from stages.speech.models import engine_versions, model_sha256, published_name

# So many screened shards meet in one partition of the deduplication: about a million short keys.
SHARDS_PER_PARTITION = 64


class OtherRun(RuntimeError):
    """Raised when a folder already holds the run of another recipe."""


class Watcher(Protocol):
    """What a run tells whoever started it."""

    def stage_planned(self, stage: str, shards: int, done: int, rows: int) -> None: ...

    def shard_done(self, record: Record) -> None: ...

    def stage_finished(self, stage: str) -> None: ...

    def stalled(self, message: str) -> None: ...


@dataclass(frozen=True)
class Run:
    """A recipe on its way into a folder."""

    recipe: Recipe
    base: Path
    ledger: Ledger
    engine: Engine
    watcher: Watcher

    def carry_out(self, until: str) -> None:
        """Do the stages up to and including `until`, leaving out every shard that is done.

        Raises SourceError, JobFailed or StorageError; what was finished stays, and the same call goes on.
        """
        remove_leftovers(self.ledger.storage.root)
        plan = self._earlier_plan()
        records: dict[str, list[Record]] = {}
        for stage in STAGES[: STAGES.index(until) + 1]:
            if stage == "publish":
                self._publish(plan)
                break
            jobs = PLANNERS[stage](self, records)
            done = {job.key.shard: self.ledger.done(job.key) for job in jobs}
            if None in done.values() or plan.shards_of(stage) != tuple(done):
                # What comes after this stage may change, too, and is planned when it is reached.
                plan = plan.with_stage(stage, tuple(done))
            self.ledger.write_plan(plan)
            records[stage] = self._stage(stage, jobs, done)
            self.ledger.keep_only(StagePlan(stage=stage, shards=tuple(done)))

    def _earlier_plan(self) -> RunPlan:
        """The plan of the run in this folder as far as it goes; an empty one where there is none.

        Raises OtherRun when the folder belongs to another recipe, whose work would be overwritten.
        """
        recipe = self.recipe.model_dump(mode="json", by_alias=True)
        try:
            earlier = self.ledger.plan()
        except NotARun:
            return RunPlan(name=self.recipe.name, recipe=recipe)
        if earlier.name != self.recipe.name:
            raise OtherRun(
                f"{self.ledger.storage.root} holds the run of {earlier.name!r}, and this recipe is called "
                f"{self.recipe.name!r}; choose another folder with --to"
            )
        return earlier.model_copy(update={"recipe": recipe})

    def _stage(self, stage: str, jobs: Sequence[Job], done: dict[str, Record | None]) -> list[Record]:
        finished = [record for record in done.values() if record is not None]
        self.watcher.stage_planned(stage, len(jobs), len(finished), sum(record.rows_in for record in finished))
        waiting = [job for job in jobs if done[job.key.shard] is None]
        for record in self._carried_out(stage, waiting):
            done[record.key.shard] = record
            self.watcher.shard_done(record)
        self.watcher.stage_finished(stage)
        return [record for record in done.values() if record is not None]

    def _carried_out(self, stage: str, jobs: Sequence[Job]) -> Iterator[Record]:
        if not jobs:
            return
        gpus = self.recipe.resources.gpus_per_worker if stage == "synthesize" else 0.0
        for answer in self.engine.run(self.ledger.storage.root, jobs, gpus):
            if isinstance(answer, Stalled):
                self.watcher.stalled(str(answer))
            else:
                yield answer

    def _publish(self, plan: RunPlan) -> None:
        """Write the list of files, the figure and, last, the card; take away shards of an earlier cut."""
        composed = self.ledger.records(plan.stages[-1])
        files = [file for record in composed for file in record.files if file.name.startswith("dataset/")]
        rows = {record.files[-1].name: record.rows_out for record in composed}
        storage = self.ledger.storage
        for name in storage.names("dataset/data"):
            if f"dataset/data/{name}" not in rows:
                storage.remove(f"dataset/data/{name}")
        flows = funnel(self.ledger)
        published = storage.scan([file.name for file in files])
        came = {flow.source: flow.rows_in for flow in flows[0].sources}
        stayed = {flow.source: flow.rows_out for flow in flows[-1].sources}
        sources = [
            SourceLine(name=s.name, license=s.license, rows=came.get(s.name, 0), published=stayed.get(s.name, 0))
            for s in self.recipe.sources
        ]
        recipe, card = self.recipe, self.recipe.card
        model = published_name(recipe.synthesize.tokenizer)
        text = card_text(recipe.name, card, summarize(published), sources, flows, recipe.synthesize.voices, model)
        storage.write("dataset/files.json", file_list(files, rows))
        storage.write("dataset/funnel.svg", figure(flows, card.title or recipe.name))
        storage.write("dataset/README.md", text)
        self.watcher.stage_planned("publish", 1, 1, sum(rows.values()))
        self.watcher.stage_finished("publish")


def _key(stage: str, shard: str, module: str, parameters: dict[str, object], reads: str) -> ShardKey:
    return ShardKey(stage=stage, shard=shard, fingerprint=fingerprint(module, parameters), input=reads)


def _plan_ingest(run: Run, records: dict[str, list[Record]]) -> Sequence[Job]:
    jobs = []
    for source in run.recipe.sources:
        for number, shard in enumerate(plan_shards(source, run.base, run.recipe.resources.text_shard_rows)):
            parameters: dict[str, object] = {"source": source.model_dump(mode="json", by_alias=True)}
            reads = combined([shard.identity()])
            key = _key("ingest", f"{source.name}-{number:05d}", "stages.ingest", {}, reads)
            jobs.append(IngestJob(key, parameters, shard))
    return jobs


def _plan_screen(run: Run, records: dict[str, list[Record]]) -> Sequence[Job]:
    config = run.recipe.screen
    parameters = config.model_dump(mode="json")
    return [
        ScreenJob(
            _key("screen", done.key.shard, "stages.screen", parameters, done.rows_file.sha256), parameters, config
        )
        for done in records["ingest"]
    ]


def _plan_deduplicate(run: Run, records: dict[str, list[Record]]) -> Sequence[Job]:
    config = run.recipe.deduplicate
    screened = tuple(done.key.shard for done in records["screen"])
    sources = tuple(source.name for source in run.recipe.sources)
    parameters: dict[str, object] = {**config.model_dump(mode="json"), "priority": list(sources)}
    reads = combined(done.rows_file.sha256 for done in records["screen"])
    partitions = -(-len(screened) // SHARDS_PER_PARTITION)
    jobs = []
    for partition in range(partitions):
        name = f"{partition:05d}-of-{partitions:05d}"
        key = _key("deduplicate", name, "stages.deduplicate", parameters, reads)
        jobs.append(DeduplicateJob(key, parameters, config, sources, screened, partition, partitions))
    return jobs


def _plan_sample(run: Run, records: dict[str, list[Record]]) -> Sequence[Job]:
    config, seed = run.recipe.sample, run.recipe.seed
    screened = tuple(done.key.shard for done in records["screen"])
    partitions = tuple(done.key.shard for done in records["deduplicate"])
    unique = run.ledger.rows("deduplicate", partitions).select("id", "source").collect()
    limits = cutoffs(unique, config, seed)
    wanted = min(unique.height, config.rows or unique.height)
    names = ranges_for(wanted, run.recipe.resources.speech_shard_rows)
    parameters: dict[str, object] = {**config.model_dump(mode="json"), "seed": seed, "cutoffs": limits}
    reads = combined(done.rows_file.sha256 for done in (*records["screen"], *records["deduplicate"]))
    jobs = []
    for number, name in enumerate(names):
        ids = id_range(number, len(names))
        key = _key("sample", name, "stages.sample", {**parameters, "ids": ids}, reads)
        jobs.append(SampleJob(key, parameters, screened, partitions, ids, limits, seed))
    return jobs


def _plan_synthesize(run: Run, records: dict[str, list[Record]]) -> Sequence[Job]:
    config, seed = run.recipe.synthesize, run.recipe.seed
    parameters: dict[str, object] = {
        **config.model_dump(mode="json"),
        "seed": seed,
        "model_sha256": model_sha256(config.tokenizer),
        "engines": engine_versions(config.voices),
    }
    batch = run.recipe.resources.batch
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


def _plan_compose(run: Run, records: dict[str, list[Record]]) -> Sequence[Job]:
    config = run.recipe.compose
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


PLANNERS: dict[str, Callable[[Run, dict[str, list[Record]]], Sequence[Job]]] = {
    "ingest": _plan_ingest,
    "screen": _plan_screen,
    "deduplicate": _plan_deduplicate,
    "sample": _plan_sample,
    "synthesize": _plan_synthesize,
    "compose": _plan_compose,
}
