"""Plan the speech: one job for each range of ids of the sample."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.jobs import Job
from pipeline.planning import Records, Setting, shard_key
from pipeline.speech_jobs import SynthesizeJob
from stages.speech.models import models_used


def plan_synthesize(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each sampled shard; its key holds all that decides what is heard."""
    config, seed = setting.recipe.synthesize, setting.recipe.seed
    parameters: dict[str, object] = {
        **config.heard(),
        "seed": seed,
        **models_used(config.voices, config.tokenizer),
    }
    batch = setting.recipe.resources.batch
    return [
        SynthesizeJob(
            shard_key("synthesize", done.key.shard, done.rows_file.sha256),
            parameters,
            config,
            seed,
            batch,
        )
        for done in records["sample"]
    ]
