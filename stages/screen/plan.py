"""Plan the screening: one job for each ingested shard."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.filters.answer_language import AnswerLanguage
from sayso.filters.language import Language, model_file
from sayso.filters.languages.english_words import word_list
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import Records, shard_key
from sayso.stages.screen.job import ScreenJob
from sayso.stages.screen.screen import Screen
from sayso.stages.speech.weights.hashes import sha256_of


def plan_screen(records: Records, config: Screen) -> Sequence[Job]:
    """One job for each ingested shard; shard names stay."""
    parameters = config.model_dump(mode="json")
    if any(isinstance(one, (AnswerLanguage, Language)) for one in (*config.filters, *config.recorded)):
        # An update of the packages that carry the model and the words may judge otherwise.
        parameters["language_model_sha256"] = sha256_of(model_file())
        parameters["english_words_sha256"] = sha256_of(word_list())
    return [
        ScreenJob(shard_key("screen", done.key.shard, done.rows_file.sha256), parameters, config)
        for done in records["ingest"]
    ]


def screened_hashes(records: Records, stays: str) -> dict[str, str]:
    """What stands for the rows of each screened shard that stay (`screened_rows`), in the key of what reads them."""
    return {
        done.key.shard: combine_hashes(dict.fromkeys([screened.rows_file.sha256, done.rows_file.sha256]))
        for screened, done in zip(records["screen"], records[stays], strict=True)
    }
