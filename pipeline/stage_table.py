"""Plan the stages: which jobs there are, from the recipe and from what the stage before has left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.jobs import Job
from pipeline.plan_compose import plan_compose
from pipeline.plan_decontaminate import plan_decontaminate, plan_evaluations
from pipeline.plan_duplicates import plan_clusters, plan_deduplicate, plan_pairs, plan_signatures
from pipeline.plan_held_out import plan_candidates, plan_leaks
from pipeline.plan_mix import plan_mix
from pipeline.plan_sample import plan_sample
from pipeline.plan_screen import plan_screen
from pipeline.plan_sources import plan_ingest, plan_survey
from pipeline.plan_speech import plan_synthesize
from pipeline.planning import Records, Setting, keyed

_PLANNERS: dict[str, Callable[[Setting, Records], Sequence[Job]]] = {
    "evaluations": plan_evaluations,
    "survey": plan_survey,
    "ingest": plan_ingest,
    "screen": plan_screen,
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


def plan_stage(stage: str, setting: Setting, records: Records) -> list[Job]:
    """The jobs of a stage, each with all that its outcome depends on in its key."""
    return [keyed(job) for job in _PLANNERS[stage](setting, records)]
