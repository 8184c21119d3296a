"""Plan the stages: which jobs there are, from the recipe and from what the stage before has left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.jobs import Job, ScreenJob
from pipeline.plan_compose import plan_compose
from pipeline.plan_decontaminate import plan_decontaminate, plan_evaluations
from pipeline.plan_duplicates import plan_clusters, plan_deduplicate, plan_pairs, plan_signatures
from pipeline.plan_held_out import plan_candidates, plan_leaks
from pipeline.plan_mix import plan_mix
from pipeline.plan_sample import plan_sample
from pipeline.plan_sources import plan_ingest, plan_survey
from pipeline.plan_speech import plan_synthesize
from pipeline.planning import Records, Setting, shard_key


def _plan_screen(setting: Setting, records: Records) -> Sequence[Job]:
    config = setting.recipe.screen
    parameters = config.model_dump(mode="json")
    return [
        ScreenJob(
            shard_key("screen", done.key.shard, "stages.screen", parameters, done.rows_file.sha256), parameters, config
        )
        for done in records["ingest"]
    ]


PLANNERS: dict[str, Callable[[Setting, Records], Sequence[Job]]] = {
    "evaluations": plan_evaluations,
    "survey": plan_survey,
    "ingest": plan_ingest,
    "screen": _plan_screen,
    "decontaminate": plan_decontaminate,
    "signatures": plan_signatures,
    "pairs": plan_pairs,
    "clusters": plan_clusters,
    "deduplicate": plan_deduplicate,
    "sample": plan_sample,
    "synthesize": plan_synthesize,
    "mix": plan_mix,
    "candidates": plan_candidates,
    "leaks": plan_leaks,
    "compose": plan_compose,
}
