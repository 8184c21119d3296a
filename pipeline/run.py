"""Run a recipe: plan each stage from what the one before it left, carry out what is not done yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from sayso.manifests.errors import SaysoError
from sayso.manifests.lease import Lease, this_process
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import CARD_NAME, DATASET, PLAN_NAME
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.manifests.run_folder import check_for_run, clear_for_run
from sayso.manifests.run_plan import DamagedPlan, NotARun, RunPlan, StagePlan
from sayso.manifests.storage import StorageError
from sayso.pipeline.engine.engine import Engine, Exposed, Stalled
from sayso.pipeline.recipe import Recipe
from sayso.pipeline.stage_names import PUBLISH, STAGE_NAMES
from sayso.pipeline.stage_table import Stage, stages_until
from sayso.stages.ingest.plan import commits_of
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext
from sayso.stages.publish.publish import publish
from sayso.stages.speech.engines import models_used

# How often a shard is made anew that is damaged each time.
REPAIRS = 3
# Files whose bytes are compared with their records at the same time; each takes a few MiB of memory.
READ_AT_A_TIME = 8


class OtherRun(SaysoError):
    """Raised when a folder already holds the run of another recipe."""


class DamagedShards(RuntimeError):
    """Raised when a stage is done but for the shards whose input is damaged; holds what is."""

    def __init__(self, shards: Sequence[DamagedShard]) -> None:
        super().__init__(*shards)
        self.shards = shards


class RunProgress(Protocol):
    """What a run tells whoever started it."""

    def stage_planned(self, stage: str, shards: int, done: int, rows: int) -> None: ...

    def shard_done(self, record: Record) -> None: ...

    def stage_finished(self, stage: str) -> None: ...

    def stalled(self, message: str) -> None: ...

    def damaged(self, message: str) -> None: ...

    def warned(self, message: str) -> None: ...


@dataclass(frozen=True)
class Run:
    """A recipe on its way into a folder."""

    recipe: Recipe
    base: Path
    ledger: Ledger
    engine: Engine
    progress: RunProgress
    _true: dict[tuple[str, str], Record] = field(default_factory=dict)
    _repairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    def carry_out(self, until: str) -> None:
        """Do the stages up to and including `until`, leaving out every shard that is done.

        Raises SourceError, SpeechModelError, JobFailed, NoCluster, ForeignFolder, FolderInUse, LeaseLost, OtherRun or
        StorageError; what was finished stays, and the same call goes on.
        """
        check_for_run(self.ledger)
        with Lease(self.ledger.storage, this_process(), self.progress.stalled) as claim:
            replace(self, ledger=Ledger(self.ledger.storage.root, claim))._carry_out(until)

    def _carry_out(self, until: str) -> None:
        clear_for_run(self.ledger)
        if any(stage.needs_gpu for stage in stages_until(until)):
            # A model that is not there should stop the run now, not after hours of work on the text.
            models_used(self.recipe.synthesize.voices, self.recipe.synthesize.tokenizer)
        plan = self._earlier_plan()
        plan = plan.model_copy(update={"commits": commits_of(self.recipe.hubs, plan.commits)})
        while not self._goes_through(until, plan):
            plan = self._earlier_plan().model_copy(update={"commits": plan.commits})

    def _goes_through(self, until: str, plan: RunPlan) -> bool:
        """Whether all stages were done; if not, some shards were damaged and are to be made anew."""
        try:
            self._go_through(stages_until(until), plan)
            if until == PUBLISH:
                self._publish()
        except DamagedShards as damaged:
            for damage in damaged.shards:
                self._repair(damage)
        except DamagedShard as damage:
            self._repair(damage)
        else:
            return True
        return False

    def _go_through(self, stages: Sequence[Stage], plan: RunPlan) -> None:
        context = PlanContext(self.base, self.recipe.seed, self.ledger, plan.commits)
        records: dict[str, list[Record]] = {}
        for stage in stages:
            jobs = stage.plan(self.recipe, context, records)
            with ThreadPoolExecutor(READ_AT_A_TIME) as threads:
                found = list(threads.map(self._done, jobs))
            done = {job.key.shard: record for job, record in zip(jobs, found, strict=True)}
            plan = self._planned(plan, stage, done)
            records[stage.name] = self._stage(stage, jobs, done) if jobs else []
            self.ledger.keep_only(StagePlan(stage=stage.name, shards=tuple(done)))

    def _done(self, job: Job) -> Record | None:
        """The record of a shard that is done. Its files are read for that, once a run; what is damaged is not done."""
        place = (job.key.stage, job.key.shard)
        record = self._true.get(place)
        if record is None or record.key != job.key:
            try:
                record = self.ledger.find_done(job.key)
            except DamagedShard as damage:
                self._repair(damage)
                record = None
            if record is not None:
                self._true[place] = record
        return record

    def _repair(self, damage: DamagedShard) -> None:
        """Take the record of a damaged shard away, so that the shard is made anew.

        Raises StorageError where that was done so often that it is no use.
        """
        place = (damage.stage, damage.shard)
        self._repairs[place] += 1
        if self._repairs[place] > REPAIRS:
            raise StorageError(
                f"{damage}, though it was made anew {REPAIRS} times; the disk or the memory is failing: check them, "
                "then run the same command again"
            )
        self._true.pop(place, None)
        self.ledger.forget(*place)
        self.progress.damaged(f"{damage}; it is made anew, and what follows from it")

    def _planned(self, plan: RunPlan, stage: Stage, done: dict[str, Record | None]) -> RunPlan:
        """Write down what a stage is to do; a stage without work is no part of the run."""
        self.ledger.check_claim()
        shards = tuple(done)
        if not shards:
            plan = plan.without_stage(stage.name)
        elif not stage.decides:
            plan = plan.with_table(stage.name, shards)
        elif None in done.values() or plan.shards_of(stage.name) != shards:
            # What comes after this stage may change, too, and is planned when it is reached. So may the dataset: until
            # it is published anew, no card should speak for it.
            plan = plan.up_to(STAGE_NAMES[: STAGE_NAMES.index(stage.name)]).with_stage(stage.name, shards)
            self.ledger.storage.remove(f"{DATASET}{CARD_NAME}")
        self.ledger.write_plan(plan)
        return plan

    def _earlier_plan(self) -> RunPlan:
        """The plan of the run in this folder as far as it goes; an empty one where there is none.

        Raises OtherRun when the folder belongs to another recipe, whose work would be overwritten.
        """
        recipe = self.recipe.model_dump(mode="json", by_alias=True)
        try:
            earlier = self.ledger.plan()
        except DamagedPlan:
            self.progress.damaged(
                f"{PLAN_NAME} is not as it was written; it is written anew, and datasets of the Hub are taken at the "
                "commit that they have now"
            )
            return RunPlan(name=self.recipe.name, recipe=recipe)
        except NotARun:
            return RunPlan(name=self.recipe.name, recipe=recipe)
        if earlier.name != self.recipe.name:
            raise OtherRun(
                f"{self.ledger.storage.root} holds the run of {earlier.name!r}, and this recipe is called "
                f"{self.recipe.name!r}; choose another folder with --to"
            )
        return earlier.model_copy(update={"recipe": recipe})

    def _stage(self, stage: Stage, jobs: Sequence[Job], done: dict[str, Record | None]) -> list[Record]:
        finished = [record for record in done.values() if record is not None]
        self.progress.stage_planned(stage.name, len(jobs), len(finished), sum(record.rows_in for record in finished))
        waiting = [job for job in jobs if done[job.key.shard] is None]
        damaged: dict[tuple[str, str], DamagedShard] = {}
        for answer in self._carried_out(stage, waiting):
            if isinstance(answer, DamagedShard):
                damaged[answer.stage, answer.shard] = answer
                continue
            done[answer.key.shard] = self._true[stage.name, answer.key.shard] = answer
            self.progress.shard_done(answer)
        if damaged:
            raise DamagedShards(list(damaged.values()))
        self.progress.stage_finished(stage.name)
        return [record for record in done.values() if record is not None]

    def _carried_out(self, stage: Stage, jobs: Sequence[Job]) -> Iterator[Record | DamagedShard]:
        if not jobs:
            return
        gpus = self.recipe.resources.gpus_per_worker if stage.needs_gpu else 0.0
        for answer in self.engine.run(self.ledger, jobs, gpus):
            if isinstance(answer, Stalled):
                self.progress.stalled(str(answer))
            elif isinstance(answer, Exposed):
                self.progress.warned(str(answer))
            else:
                yield answer

    def _publish(self) -> None:
        recipe = self.recipe
        rows = publish(self.ledger, recipe.name, recipe.card, recipe.sources, recipe.mixture, recipe.synthesize)
        self.progress.stage_planned(PUBLISH, 1, 1, rows)
        self.progress.stage_finished(PUBLISH)
