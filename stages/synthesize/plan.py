"""Plan the speech: one job for each range of ids of the sample."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, shard_key
from sayso.stages.speech.engines import models_used
from sayso.stages.synthesize.job import SynthesizeJob
from sayso.stages.synthesize.synthesize import Synthesize


def plan_synthesize(context: PlanContext, records: Records, config: Synthesize, batch: int) -> Sequence[Job]:
    """One job for each sampled shard; its key holds all that decides what is heard."""
    sound = config.tokenizer.sound_format()
    parameters: dict[str, object] = {
        **config.fingerprint_parameters(),
        "gates": config.gates.for_tokens(sound).model_dump(mode="json"),
        "sound": sound.model_dump(mode="json"),
        "seed": context.seed,
        **models_used(config.voices, config.tokenizer),
    }
    return [
        SynthesizeJob(
            shard_key("synthesize", done.key.shard, done.rows_file.sha256),
            parameters,
            config,
            context.seed,
            batch,
        )
        for done in records["sample"]
    ]
