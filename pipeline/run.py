"""Run a recipe: plan each stage from what the one before it left, carry out what is not done yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sayso.manifests.errors import SaysoError
from sayso.manifests.killing_rows import remove_if_damaged
from sayso.manifests.lease import Lease, this_process
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import CARD_NAME, DATASET, KILLING_ROWS_NAME, PLAN_NAME
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.manifests.run_folder import check_for_run, clear_for_run
from sayso.manifests.run_plan import DamagedPlan, NotARun, RunPlan, StagePlan
from sayso.pipeline.cost import Cost
from sayso.pipeline.engine.dispatch import Stalled
from sayso.pipeline.engine.engine import Engine, Exposed
from sayso.pipeline.finished_shards import FinishedShards, PlannedShard
from sayso.pipeline.forecast import cost_of
from sayso.pipeline.progress import RunProgress
from sayso.pipeline.recipe import Recipe
from sayso.pipeline.stage_names import PUBLISH, STAGE_NAMES
from sayso.pipeline.stage_table import Stage, stages_until
from sayso.pipeline.stage_work import PlanAfter, StagesAtOnce, StageWork, repair, take_up
from sayso.stages.ingest.plan import commits_of
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records
from sayso.stages.publish.publish import publish
from sayso.stages.speech.engines import models_used
from sayso.stages.synthesize.attempt_store import clear_store


class OtherRun(SaysoError):
    """Raised when a folder already holds the run of another recipe."""


class DamagedShards(RuntimeError):
    """Raised when a stage is done but for the shards whose input is damaged; holds what is."""

    def __init__(self, shards: Sequence[DamagedShard]) -> None:
        super().__init__(*shards)
        self.shards = shards


TellCost = Callable[[Cost], None]


@dataclass(frozen=True)
class Run:
    """A recipe on its way into a folder.

    `keep`: stages whose shards stay where they would be done again for nothing but other code.
    """

    recipe: Recipe
    base: Path
    ledger: Ledger
    engine: Engine
    progress: RunProgress
    keep: Collection[str] = ()

    def cost(self, until: str) -> Cost:
        """What `carry_out` would do. Writes nothing, takes no lease, fetches no model and starts no worker.

        Raises as `carry_out` does where that would not begin.
        """
        check_for_run(self.ledger)
        commits = commits_of(self.recipe.hubs, self._earlier_plan().commits)
        context = PlanContext(self.base, self.recipe.seed, self.ledger, commits)
        return cost_of(stages_until(until), self.recipe, context, FinishedShards(self.ledger, self.keep), ())

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
        if remove_if_damaged(self.ledger):
            self.progress.damaged(
                f"{KILLING_ROWS_NAME} is not as it was written; rows that kill their worker are found again where "
                "shards that have some are done again"
            )
        for name in clear_store(self.ledger, self.recipe.synthesize.store):
            self.progress.damaged(f"{name} is not as it was written; what it held is said again where it is asked for")
        if any(stage.needs_gpu for stage in stages_until(until)):
            # A model that is not there should stop the run now, not after hours of work on the text.
            models_used(self.recipe.synthesize.voices, self.recipe.synthesize.tokenizer)
        plan = self._earlier_plan()
        plan = plan.model_copy(update={"commits": commits_of(self.recipe.hubs, plan.commits)})
        shards = FinishedShards(self.ledger, self.keep)
        tell_cost: TellCost | None = self.progress.cost_known
        while not self._goes_through(until, plan, shards, tell_cost):
            plan = self._earlier_plan().model_copy(update={"commits": plan.commits})
            # What is damaged meanwhile is told as it is found.
            tell_cost = None

    def _goes_through(self, until: str, plan: RunPlan, shards: FinishedShards, tell_cost: TellCost | None) -> bool:
        """Whether all stages were done; if not, some shards were damaged and are to be made anew."""
        try:
            self._go_through(stages_until(until), plan, shards, tell_cost)
            if until == PUBLISH:
                self._publish()
        except DamagedShards as damaged:
            for damage in damaged.shards:
                repair(damage, shards, self.progress)
        except DamagedShard as damage:
            repair(damage, shards, self.progress)
        else:
            return True
        return False

    def _go_through(
        self, stages: Sequence[Stage], plan: RunPlan, shards: FinishedShards, tell_cost: TellCost | None
    ) -> None:
        context = PlanContext(self.base, self.recipe.seed, self.ledger, plan.commits)
        records: dict[str, list[Record]] = {}
        finished: list[PlannedShard] = []
        for number, stage in enumerate(stages):
            if stage.name in records:
                # It was done beside the one that it follows.
                continue
            planned = shards.look_up(stage.plan(self.recipe, context, records))
            if tell_cost and any(shard.finished is None for shard in planned):
                cost = cost_of(stages[number:], self.recipe, context, shards, finished)
                if cost.repeats:
                    tell_cost(cost)
                tell_cost = None
            finished += planned
            work = StageWork(stage, [shard.job.key.shard for shard in planned])
            take_up(work, planned, shards, self.progress)
            plan = self._write_plan(plan, work)
            works = [work]
            for following in stages[number + 1 : number + 2]:
                if following.follows == stage.name and not work.is_done:
                    works.append(StageWork(following, work.shards, after=work))
                    plan = self._write_plan(plan, works[-1])
            self._do(works, partial(self._plan_after, context, records), shards)
            for one in works:
                if one.after:
                    # It was planned on the way, so its code is known by now.
                    plan = self._write_plan(plan, one)
                records[one.stage.name] = one.records
                self.ledger.keep_only(StagePlan(stage=one.stage.name, shards=one.shards))

    def _plan_after(self, context: PlanContext, records: Records, stage: Stage, done: Sequence[Record]) -> list[Job]:
        """The jobs of a stage that follow from some shards of the one that it follows."""
        assert stage.follows
        return stage.plan(self.recipe, context, {**records, stage.follows: [*done]})

    def _write_plan(self, plan: RunPlan, work: StageWork) -> RunPlan:
        """Write down what a stage is to do; a stage without work is no part of the run."""
        self.ledger.check_claim()
        stage, names, code = work.stage, work.shards, work.code
        if not names:
            plan = plan.without_stage(stage.name)
        elif not stage.decides:
            plan = plan.with_table(stage.name, names)
        elif plan.shards_of(stage.name) == names and work.is_done:
            plan = plan.with_code(stage.name, code)
        else:
            # What comes after this stage may change, too, and is planned when it is reached. So may the dataset: until
            # it is published anew, no card should speak for it.
            plan = plan.up_to(STAGE_NAMES[: STAGE_NAMES.index(stage.name)]).with_stage(stage.name, names, code)
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
                f"{PLAN_NAME} is not as it was written; a run writes it anew, and takes datasets of the Hub at the "
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

    def _do(self, works: Sequence[StageWork], plan: PlanAfter, shards: FinishedShards) -> None:
        """Do what is not finished of some stages. Raises DamagedShards when all is done but what is damaged."""
        stages = StagesAtOnce(works, shards, plan, self.progress)
        stages.begin()
        queues = [work.queue for work in works]
        for answer in self.engine.work_off(self.ledger, queues) if any(map(len, queues)) else ():
            if isinstance(answer, Stalled):
                self.progress.stalled(str(answer))
            elif isinstance(answer, Exposed):
                self.progress.warned(str(answer))
            else:
                stages.take_in(answer if isinstance(answer, DamagedShard) else self.ledger.shared(answer))
        if stages.damaged:
            raise DamagedShards(list(stages.damaged.values()))

    def _publish(self) -> None:
        recipe = self.recipe
        rows = publish(
            self.ledger, recipe.name, recipe.card, recipe.sources, recipe.mixture, recipe.synthesize, recipe.compose
        )
        self.progress.stage_planned(PUBLISH, 1, 1, rows)
        self.progress.stage_finished(PUBLISH)
