"""Run a recipe: plan each stage from what the one before it left, carry out what is not done yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from manifests.lease import Lease, this_process
from manifests.ledger import Ledger, NotARun, RunPlan, StagePlan
from manifests.names import CARD_NAME, DATASET
from manifests.records import Record
from manifests.run_folder import check_for_run, clear_for_run
from pipeline.engine import Engine, Stalled
from pipeline.jobs import Job
from pipeline.plan import plan_stage
from pipeline.plan_sources import commits_of
from pipeline.planning import Setting
from pipeline.publishing import publish
from pipeline.recipe import Recipe
from pipeline.stage_order import STAGES, TABLES
from stages.speech.models import models_used


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

        Raises SourceError, SpeechModelError, JobFailed, NoCluster, ForeignFolder, FolderInUse, LeaseLost, OtherRun or
        StorageError; what was finished stays, and the same call goes on.
        """
        check_for_run(self.ledger)
        with Lease(self.ledger.storage, this_process(), self.watcher.stalled) as claim:
            replace(self, ledger=Ledger(self.ledger.storage.root, claim))._carry_out(until)

    def _carry_out(self, until: str) -> None:
        clear_for_run(self.ledger)
        if STAGES.index(until) >= STAGES.index("synthesize"):
            # A model that is not there should stop the run now, not after hours of work on the text.
            models_used(self.recipe.synthesize.voices, self.recipe.synthesize.tokenizer)
        plan = self._earlier_plan()
        plan = plan.model_copy(update={"commits": commits_of(self.recipe, plan.commits)})
        setting = Setting(self.recipe, self.base, self.ledger, plan.commits)
        records: dict[str, list[Record]] = {}
        for stage in STAGES[: STAGES.index(until) + 1]:
            if stage == "publish":
                self._publish(plan)
                break
            jobs = plan_stage(stage, setting, records)
            done = {job.key.shard: self.ledger.done(job.key) for job in jobs}
            plan = self._planned(plan, stage, done)
            records[stage] = self._stage(stage, jobs, done) if jobs else []
            self.ledger.keep_only(StagePlan(stage=stage, shards=tuple(done)))

    def _planned(self, plan: RunPlan, stage: str, done: dict[str, Record | None]) -> RunPlan:
        """Write down what a stage is to do; a stage without work is no part of the run."""
        self.ledger.check_claim()
        shards = tuple(done)
        if not shards:
            plan = plan.without_stage(stage)
        elif stage in TABLES:
            plan = plan.with_table(stage, shards)
        elif None in done.values() or plan.shards_of(stage) != shards:
            # What comes after this stage may change, too, and is planned when it is reached. So may the dataset: until
            # it is published anew, no card should speak for it.
            plan = plan.up_to(STAGES[: STAGES.index(stage)]).with_stage(stage, shards)
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
        for answer in self.engine.run(self.ledger, jobs, gpus):
            if isinstance(answer, Stalled):
                self.watcher.stalled(str(answer))
            else:
                yield answer

    def _publish(self, plan: RunPlan) -> None:
        rows = publish(self.recipe, self.ledger, plan)
        self.watcher.stage_planned("publish", 1, 1, rows)
        self.watcher.stage_finished("publish")
