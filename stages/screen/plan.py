"""Plan the screening: one job for each ingested shard."""

from __future__ import annotations

from collections.abc import Sequence

from filters.language import Language, model_file
from pipeline.jobs import Job
from pipeline.planning import Records, Setting, shard_key
from pipeline.screen_jobs import ScreenJob
from stages.speech.weights.hashes import sha256_of


def plan_screen(setting: Setting, records: Records) -> Sequence[Job]:
    """One job for each ingested shard; shard names stay."""
    config = setting.recipe.screen
    parameters = config.model_dump(mode="json")
    if any(isinstance(one, Language) for one in config.filters):
        # An update of the package that carries the model may judge otherwise.
        parameters["language_model_sha256"] = sha256_of(model_file())
    return [
        ScreenJob(shard_key("screen", done.key.shard, done.rows_file.sha256), parameters, config)
        for done in records["ingest"]
    ]
