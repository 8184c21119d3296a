"""Plan the speech: one job for each range of ids of the sample."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import polars as pl

from sayso.stages.jobs.fingerprint import combine_hashes
from sayso.stages.jobs.job import Job
from sayso.stages.jobs.plan_context import PlanContext, Records, shard_key
from sayso.stages.speech.engines import models_used
from sayso.stages.synthesize.job import READ, SynthesizeJob
from sayso.stages.synthesize.synthesize import TEXT, Synthesize


def plan_synthesize(context: PlanContext, records: Records, config: Synthesize, batch: int) -> Sequence[Job]:
    """One job for each sampled shard; its key holds all that decides what is heard, and nothing else.

    So its input is not the sample's bytes, which hold answers and licences, but the hash of what is said.
    """
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
            shard_key("synthesize", done.key.shard, hash_of_texts(context.ledger.rows_of(done, READ))),
            parameters,
            config,
            context.seed,
            batch,
        )
        for done in records["sample"]
    ]


def hash_of_texts(rows: pl.DataFrame) -> str:
    """What stands for all that is heard of sampled rows (`READ`): their ids, and the texts that are said, by turn.

    An id stands for its source and position.
    """
    spoken = [pl.col("spoken"), pl.col("later_turns").list.eval(pl.element().struct.field("spoken"))]
    texts = [pl.when(pl.col("kind") != TEXT).then(of_turns) for of_turns in spoken]
    content = json.dumps(rows.sort("id").select("id", *texts).rows(), ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def spoken_hashes(records: Records) -> dict[str, str]:
    """What stands for the rows of each shard of the speech, with what the sample has of them (`spoken_rows`)."""
    sampled = {done.key.shard: done.rows_file.sha256 for done in records["sample"]}
    return {
        done.key.shard: combine_hashes([done.rows_file.sha256, sampled[done.key.shard]])
        for done in records["synthesize"]
    }
