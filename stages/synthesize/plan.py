"""Plan the speech: one job for each range of ids of the sample."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import polars as pl

from sayso.manifests.attempt_files import FilesByIds
from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, shard_key
from sayso.stages.rows.recordings import IS_RECORDED
from sayso.stages.sources.source import Source
from sayso.stages.speech.engines import models_used
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.tokenizer import format_of
from sayso.stages.synthesize.attempt_keys import engine_hash
from sayso.stages.synthesize.attempt_store import GIGABYTE, AttemptStore
from sayso.stages.synthesize.job import READ, SynthesizeJob
from sayso.stages.synthesize.surveyed_files import SurveyedFiles
from sayso.stages.synthesize.synthesize import TEXT, Synthesize


def plan_synthesize(
    context: PlanContext, records: Records, sources: Sequence[Source], config: Synthesize, batch: int
) -> Sequence[Job]:
    """One job for each sampled shard; its key holds all that decides what is heard, and nothing else.

    So its input is not the sample's bytes, which hold answers and licences, but the hash of what is said. Raises
    SpeechModelError where something is to be said and the recipe has no voice.
    """
    sound = format_of(config.tokenizer)
    parameters: dict[str, object] = {
        **config.fingerprint_parameters(),
        "gates": config.gates.for_tokens(sound).model_dump(mode="json"),
        "sound": sound.model_dump(mode="json"),
        "seed": context.seed,
        **models_used(config.voices, config.tokenizer),
    }
    surveyed, jobs = SurveyedFiles(context, records, sources), list[Job]()
    root, most = config.store.root(context.base), round(config.store.max_gigabytes * GIGABYTE)
    engines = {voice.name: engine_hash(voice, config.tokenizer) for voice in config.voices}
    kept = context.attempts(config.store.files(context.ledger, context.base)) if most else FilesByIds(())
    for done in records["sample"]:
        rows = context.ledger.rows_of(done, READ)
        check_voices(rows, config)
        key = shard_key("synthesize", done.key.shard, hash_of_texts(rows))
        files = surveyed.files_of(rows.filter(IS_RECORDED))
        near = kept.near(str(rows["id"].min()), str(rows["id"].max())) if rows.height else ()
        store = AttemptStore(root, most, engines, near)
        jobs.append(SynthesizeJob(key, parameters, config, context.seed, batch, files, store))
    return jobs


def check_voices(rows: pl.DataFrame, config: Synthesize) -> None:
    """Raises SpeechModelError where rows are to be said and there is nobody to say them."""
    said = rows.filter(~IS_RECORDED & (pl.col("kind") != TEXT))
    if said.height and not config.voices:
        source, position = said.row(0, named=True)["source"], said.row(0, named=True)["position"]
        raise SpeechModelError(
            f"synthesize.voices is empty, and {position} of the source {source} is to be said; name a voice, or take "
            "only sources of recorded speech, or rows of the kind `text`"
        )


def hash_of_texts(rows: pl.DataFrame) -> str:
    """What stands for all that is heard of sampled rows (`READ`): their ids, and the texts that are said, by turn.

    An id stands for its source and position. Recorded speech is what its recording holds, and who speaks.
    """
    spoken = [pl.col("spoken"), pl.col("later_turns").list.eval(pl.element().struct.field("spoken"))]
    texts = [pl.when(pl.col("kind") != TEXT).then(of_turns) for of_turns in spoken]
    content = json.dumps(rows.sort("id").select("id", *texts).rows(), ensure_ascii=False)
    recorded = rows.sort("id").filter(IS_RECORDED).select("id", "recording").rows()
    if recorded:
        content += json.dumps(recorded, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def spoken_hashes(records: Records) -> dict[str, str]:
    """What stands for the rows of each shard of the speech, with what the sample has of them (`spoken_rows`)."""
    sampled = {done.key.shard: done.rows_file.sha256 for done in records["sample"]}
    return {
        done.key.shard: combine_hashes([done.rows_file.sha256, sampled[done.key.shard]])
        for done in records["synthesize"]
    }
