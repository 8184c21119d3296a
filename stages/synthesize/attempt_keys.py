"""Keys of attempts: one hash over all that decides what comes of an attempt, and nothing else.

Not among it are what a voice is called and how often it is chosen, the gates, and how an attempt is measured: with
others, an attempt is the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import polars as pl
from xxhash import xxh3_128_hexdigest

from sayso.manifests.plugins import code_of
from sayso.stages.jobs.code_version import PACKAGE, code_version
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.weights.hashes import sha256_of
from sayso.stages.synthesize import attempts
from sayso.stages.synthesize.attempts import SynthesisSettings
from sayso.stages.synthesize.augment import DRAWN, Augment

# Counts up when files of attempts hold other columns, or the same otherwise.
FORMAT = 1
# What of a voice decides which rows it says, what they are called and how fast they are; the rest decides how.
CHOOSING = {"name", "weight", "speeds"}


def engine_hash(voice: Voice, tokenizer: Tokenizer) -> str:
    """What stands for a voice and a tokenizer: their settings, the bytes of their files, their packages and their code.

    Raises SpeechModelError where a file cannot be had.
    """
    spoken = {name: value for name, value in voice.fingerprint_parameters().items() if name not in CHOOSING}
    content = {
        "format": FORMAT,
        "voice": spoken,
        "files": {role: sha256_of(path) for role, (_, path) in voice.files().items()},
        "package": voice.package_version(),
        "tokenizer": tokenizer.fingerprint_parameters(),
        "versions": tokenizer.versions(),
        "code": [code_version(attempts.__name__), _code_of(voice), _code_of(tokenizer)],
    }
    return xxh3_128_hexdigest(json.dumps(content, sort_keys=True, default=str).encode())


def attempt_keys(planned: pl.DataFrame, settings: SynthesisSettings, engines: Mapping[str, str]) -> pl.Series:
    """The key of each attempt of `plan_attempt`; `engines` are the hashes of the voices by name.

    Two keys are the same where the same voice says the same text with the same seed at the same speed, and the same is
    done to it. What is drawn from the row on the way counts with its id.
    """
    columns = ("speech.voice", "spoken", "speech.route", "speech.seed", "speech.speed")
    is_long = planned["spoken"].str.len_bytes() > settings.utterances.max_bytes
    keys = []
    for (voice, *said), row, drawn, in_parts in zip(
        planned.select(columns).rows(),
        planned.select("id", "turn", "speech.attempts").rows(),
        planned.select(*DRAWN).rows(),
        is_long & (planned["speech.route"] == "audio"),
        strict=True,
    ):
        content: list[object] = [engines[voice], *said]
        if in_parts:
            # Each utterance but the first has a seed that follows from these.
            content += [settings.utterances.max_bytes, settings.utterances.pause_seconds, *row, settings.seed]
        if settings.augment:
            content += _augmentation(settings.augment, drawn, (*row, settings.seed))
        keys.append(xxh3_128_hexdigest(json.dumps(content, ensure_ascii=False).encode()))
    return pl.Series("key", keys, dtype=pl.String)


def _augmentation(
    augment: Augment, drawn: tuple[float | None, ...], drawn_from: tuple[object, ...]
) -> Iterator[object]:
    """What is done to a clip; the noise and the room themselves are drawn from the row."""
    gain_db, snr_db, rt60 = drawn
    if gain_db is not None:
        yield from ("gain", gain_db)
    if augment.noise and snr_db is not None:
        yield from ("noise", snr_db, augment.noise.color, *drawn_from)
    if augment.room and rt60 is not None:
        yield from ("room", rt60, augment.room.direct_db, *drawn_from)


def _code_of(engine: Voice | Tokenizer) -> str:
    module = type(engine).__module__
    own = code_version(module) if module.partition(".")[0] == PACKAGE else module
    return " ".join([own, *code_of(engine)])
