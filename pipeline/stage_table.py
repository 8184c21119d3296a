"""The stages of a run: their order, the part of the recipe that plans each, and what is special about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.pipeline.recipe import Recipe
from sayso.pipeline.stage_names import STAGE_NAMES
from sayso.stages.compose.plan import plan_compose
from sayso.stages.decontaminate.plan import plan_decontaminate, plan_evaluations
from sayso.stages.deduplicate.plan import plan_clusters, plan_deduplicate, plan_frames, plan_pairs, plan_signatures
from sayso.stages.hold_out.plan import plan_candidates, plan_leaks
from sayso.stages.ingest.plan import plan_ingest, plan_survey
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, with_fingerprint
from sayso.stages.mix.plan import plan_mix
from sayso.stages.sample.plan import plan_sample
from sayso.stages.sample.shuffle import Shuffle
from sayso.stages.sample.shuffle_plan import plan_gather, plan_scatter, plan_subdivide, planned_shuffle
from sayso.stages.screen.plan import plan_screen
from sayso.stages.speech.tokenizers.tokenizer import format_of
from sayso.stages.synthesize.plan import plan_synthesize


@dataclass(frozen=True)
class Stage:
    """A stage: what plans its shards, from the recipe and from the records of the stages before.

    One that `follows` another has a shard for each of its shards, of the same name, that is planned from the record of
    that one and those of the stages before: it begins with the first of them that is done.
    """

    name: str
    planner: Callable[[Recipe, PlanContext, Records], Sequence[Job]]
    # Whether it gives a verdict on each row; the others make tables that the stages after them work with.
    decides: bool = True
    needs_gpu: bool = False
    follows: str | None = None

    def plan(self, recipe: Recipe, context: PlanContext, records: Records) -> list[Job]:
        """The jobs of the stage, each with all that its outcome depends on in its key."""
        return [with_fingerprint(job) for job in self.planner(recipe, context, records)]


def sound_format(recipe: Recipe) -> SoundFormat:
    """What the recipe's sound tokens are like. Raises SpeechModelError where its tokenizer cannot be found or read."""
    return format_of(recipe.synthesize.tokenizer)


def _shuffle(recipe: Recipe, done: Records) -> Shuffle:
    return planned_shuffle(done, recipe.sample, recipe.resources.speech_shard_rows, recipe.resources.text_shard_rows)


STAGES = (
    Stage("evaluations", lambda recipe, at, _: plan_evaluations(at, recipe.decontaminate), decides=False),
    Stage("survey", lambda recipe, at, _: plan_survey(at, recipe.sources), decides=False),
    Stage(
        "ingest",
        lambda recipe, at, done: plan_ingest(
            at, done, recipe.sources, recipe.resources.text_shard_rows, recipe.mixture.most_turns
        ),
    ),
    Stage("screen", lambda recipe, _, done: plan_screen(done, recipe.screen)),
    Stage("decontaminate", lambda recipe, _, done: plan_decontaminate(done, recipe.decontaminate)),
    Stage("frames", lambda recipe, _, done: plan_frames(done, recipe.deduplicate), decides=False),
    Stage("signatures", lambda recipe, _, done: plan_signatures(done, recipe.deduplicate), decides=False),
    Stage(
        "pairs",
        lambda recipe, at, done: plan_pairs(done, recipe.deduplicate, recipe.source_names, at.seed),
        decides=False,
    ),
    Stage(
        "clusters",
        lambda recipe, at, done: plan_clusters(done, recipe.deduplicate, recipe.source_names, at.seed),
        decides=False,
    ),
    Stage("deduplicate", lambda recipe, _, done: plan_deduplicate(done, recipe.deduplicate)),
    Stage("scatter", lambda recipe, _, done: plan_scatter(done, _shuffle(recipe, done)), decides=False),
    Stage("subdivide", lambda recipe, _, done: plan_subdivide(done, _shuffle(recipe, done)), decides=False),
    Stage("gather", lambda recipe, _, done: plan_gather(done, _shuffle(recipe, done)), decides=False),
    Stage(
        "sample",
        lambda recipe, at, done: plan_sample(at, done, recipe.sample, recipe.mixture, _shuffle(recipe, done)),
    ),
    Stage(
        "synthesize",
        lambda recipe, at, done: plan_synthesize(at, done, recipe.sources, recipe.synthesize, recipe.resources.batch),
        needs_gpu=True,
        follows="sample",
    ),
    Stage("mix", lambda recipe, at, done: plan_mix(at, done, recipe.mixture, sound_format(recipe))),
    Stage("candidates", lambda recipe, at, done: plan_candidates(at, done, recipe.compose.held_out), decides=False),
    Stage(
        "leaks",
        lambda recipe, _, done: plan_leaks(done, recipe.compose.held_out, recipe.deduplicate.ngram),
        decides=False,
    ),
    Stage("compose", lambda recipe, at, done: plan_compose(at, done, recipe.compose, sound_format(recipe))),
)


def stages_until(name: str) -> tuple[Stage, ...]:
    """The stages with shards up to and including the one of this name."""
    return STAGES[: STAGE_NAMES.index(name) + 1]
