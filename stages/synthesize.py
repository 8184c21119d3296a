"""Synthesize: say each row, encode it as sound tokens, decode the tokens back to text, and keep what is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
import polars as pl
import xxhash
from pydantic import BaseModel, ConfigDict, Field, field_validator

from manifests.verdicts import DROPPED, KEPT, Outcome
from stages.speech.gates import Gates, error_rates, token_features
from stages.speech.models import Tokenizer, Voice
from stages.speech.protocols import Clip, SpeechTokenizer, Synthesizer, Tokens

TEXT = "text"

Item = TypeVar("Item")
Result = TypeVar("Result")

TAKE_SCHEMA: dict[str, Any] = {
    "id": pl.String,
    "spoken": pl.String,
    "voice": pl.String,
    "seed": pl.UInt32,
    "speed": pl.Float64,
    "sound_tokens": pl.List(pl.UInt16),
    "duration": pl.Float64,
    "transcript": pl.String,
    "speech.error": pl.String,
}
FEATURES = {
    "speech.attempts": pl.Int64,
    "speech.earlier": pl.String,
    "speech.voice": pl.String,
    "speech.seed": pl.UInt32,
    "speech.speed": pl.Float64,
    "speech.seconds": pl.Float64,
    "speech.tokens": pl.Int64,
    "speech.words": pl.Int64,
    "speech.mask_codes": pl.Int64,
    "speech.longest_run": pl.Int64,
    "speech.wer": pl.Float64,
    "speech.cer": pl.Float64,
    "speech.transcript": pl.String,
}


class Synthesize(BaseModel):
    """The voices, the sound tokenizer, and what a take must pass to be published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    voices: tuple[Voice, ...] = Field(
        default=(Voice(name="heart"),), min_length=1, description="one of them is drawn for each row"
    )
    tokenizer: Tokenizer = Tokenizer()
    gates: Gates = Gates()
    attempts: int = Field(default=3, gt=0, description="takes a row gets, each with another voice or seed")

    @field_validator("voices")
    @classmethod
    def _names_are_unique(cls, voices: tuple[Voice, ...]) -> tuple[Voice, ...]:
        if len({voice.name for voice in voices}) < len(voices):
            raise ValueError("two voices have the same name")
        return voices


@dataclass(frozen=True)
class SpeechModels:
    """What a speech worker has in memory."""

    voices: Mapping[str, Synthesizer]
    tokenizer: SpeechTokenizer


def synthesize(rows: pl.DataFrame, models: SpeechModels, config: Synthesize, seed: int, batch: int) -> Outcome:
    """Say one shard's rows and judge them; kept rows gain tokens, duration, voice, transcript, WER and CER.

    Rows of kind `text` go on unsaid.

    A row that fails a gate is said again, at another seed, speed or voice, up to `config.attempts` times, and
    then dropped for the reason of its last take; `speech.earlier` lists the reasons before. `batch` rows go
    through a model together, which changes the speed and not one byte of the result.
    """
    said = rows.filter(pl.col("kind") != TEXT)
    pending = said.select("id", "spoken").sort("id")
    judged = []
    for attempt in range(config.attempts):
        takes = _measure(_take(pending, models, config.voices, seed, attempt, batch), models.tokenizer.codes)
        takes = takes.with_columns(
            pl.lit(attempt + 1, pl.Int64).alias("speech.attempts"), config.gates.reason().alias("reason")
        )
        judged.append(takes)
        pending = takes.filter(pl.col("reason").is_not_null()).select("id", "spoken")
        if pending.is_empty():
            break
    return _with_unsaid(_outcome(said, pl.concat(judged)), rows.filter(pl.col("kind") == TEXT))


def _with_unsaid(outcome: Outcome, unsaid: pl.DataFrame) -> Outcome:
    """The outcome with rows that are kept as text: nothing spoken, and no tokens."""
    verdicts = unsaid.select("id", "source", "position", pl.lit(KEPT).alias("verdict"))
    nothing = pl.lit([], pl.List(pl.UInt16))
    rows = unsaid.with_columns(
        pl.lit(None, pl.String).alias("spoken"), nothing.alias("sound_tokens"), nothing.alias("tokens_per_turn")
    )
    return Outcome(
        pl.concat([outcome.rows, rows], how="diagonal").sort("id"),
        pl.concat([outcome.verdicts, verdicts], how="diagonal").sort("id"),
    )


def choose_voice(voices: Sequence[Voice], row_id: str, seed: int, attempt: int) -> tuple[Voice, int]:
    """The voice of a row's take and the seed it is said with, from the recipe's seed, the id and the attempt."""
    drawn = xxhash.xxh3_64_intdigest(f"{row_id}/{attempt}".encode(), seed=seed)
    weights = np.cumsum([voice.weight for voice in voices])
    place = np.searchsorted(weights, (drawn >> 32) / 2**32 * weights[-1], side="right")
    return voices[int(place)], drawn & 0xFFFFFFFF


def _take(
    pending: pl.DataFrame, models: SpeechModels, voices: Sequence[Voice], seed: int, attempt: int, batch: int
) -> pl.DataFrame:
    """One take of each row: `TAKE_SCHEMA`, sorted by id."""
    ids, texts = pending["id"].to_list(), pending["spoken"].to_list()
    chosen = [choose_voice(voices, row_id, seed, attempt) for row_id in ids]
    speeds = [voice.speeds[min(attempt, len(voice.speeds) - 1)] for voice, _ in chosen]
    columns: dict[str, list[object]] = {name: [None] * len(ids) for name in TAKE_SCHEMA}
    columns |= {"id": ids, "spoken": texts, "speed": list(speeds)}
    columns |= {"voice": [voice.name for voice, _ in chosen], "seed": [drawn for _, drawn in chosen]}
    clips: dict[int, Clip | Exception] = {}
    for voice in voices:
        mine = [row for row, (picked, _) in enumerate(chosen) if picked.name == voice.name]
        # Texts of about one length make batches with little padding.
        mine.sort(key=lambda row: (len(texts[row]), ids[row]))
        for part in _batches(mine, batch):
            wanted = [(texts[row], chosen[row][1], speeds[row]) for row in part]
            clips |= zip(part, _each(wanted, partial(_say, models.voices[voice.name])), strict=True)
    _encode(clips, models.tokenizer, batch, columns)
    return pl.DataFrame(columns, schema=TAKE_SCHEMA).sort("id")


def _say(synthesizer: Synthesizer, wanted: Sequence[tuple[str, int, float]]) -> Sequence[Clip | Exception]:
    texts, seeds, speeds = zip(*wanted, strict=True)
    return synthesizer.say(texts, seeds, speeds)


def _encode(
    clips: dict[int, Clip | Exception], tokenizer: SpeechTokenizer, batch: int, columns: dict[str, list[object]]
) -> None:
    """Fill in duration, tokens and transcript of each row, or the error that it met."""
    failed = {row: clip for row, clip in clips.items() if isinstance(clip, Exception)}
    heard = {row: clip for row, clip in clips.items() if not isinstance(clip, Exception)}
    encoded: dict[int, Tokens] = {}
    for part in _batches(list(heard), batch):
        for row, tokens in zip(part, _each([heard[row] for row in part], tokenizer.encode), strict=True):
            columns["duration"][row] = round(len(heard[row]) / tokenizer.sample_rate, 3)
            if isinstance(tokens, Exception):
                failed[row] = tokens
            else:
                encoded[row] = tokens
                columns["sound_tokens"][row] = tokens.tolist()
    # All rows at once: the tokenizer knows how many of them decode best together.
    sounding = [row for row, tokens in encoded.items() if len(tokens)]
    for row, text in zip(sounding, _each([encoded[row] for row in sounding], tokenizer.decode_text), strict=True):
        if isinstance(text, Exception):
            failed[row] = text
        else:
            columns["transcript"][row] = text
    for row, error in failed.items():
        columns["sound_tokens"][row] = []
        columns["speech.error"][row] = f"{type(error).__name__}: {error}"


def _each(
    items: Sequence[Item], model: Callable[[Sequence[Item]], Sequence[Result | Exception]]
) -> list[Result | Exception]:
    """Results of a model on a batch; when it raises, on each item alone, so that only the culprit fails."""
    if not items:
        return []
    try:
        return [*model(items)]
    except Exception as error:
        if len(items) == 1:
            return [error]
        return [result for item in items for result in _each([item], model)]


def _batches(rows: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _measure(takes: pl.DataFrame, mask_code: int) -> pl.DataFrame:
    """The takes with what the gates look at; WER and CER are null where nothing was heard."""
    measured = takes.with_columns(token_features(mask_code))
    return measured.hstack(error_rates(takes["spoken"], takes["transcript"])).with_columns(
        pl.col("voice").alias("speech.voice"),
        pl.col("seed").alias("speech.seed"),
        pl.col("speed").alias("speech.speed"),
        pl.col("duration").alias("speech.seconds"),
        pl.col("transcript").alias("speech.transcript"),
    )


def _outcome(rows: pl.DataFrame, takes: pl.DataFrame) -> Outcome:
    """Rows and verdicts from all takes: a row's last take decides, the reasons of earlier ones are listed."""
    takes = takes.sort("id", "speech.attempts")
    earlier = takes.group_by("id", maintain_order=True).agg(
        pl.col("reason").slice(0, pl.len() - 1).str.join(", ").alias("speech.earlier")
    )
    earlier = earlier.with_columns(pl.col("speech.earlier").replace("", None))
    last = takes.unique("id", keep="last", maintain_order=True).join(earlier, on="id", maintain_order="left")
    failed = pl.col("reason").is_not_null()
    places = rows.select("id", "source", "position")
    verdicts = last.join(places, on="id", maintain_order="left").select(
        "id",
        "source",
        "position",
        pl.when(failed).then(pl.lit(DROPPED)).otherwise(pl.lit(KEPT)).alias("verdict"),
        pl.when(failed).then(pl.lit("speech")).alias("filter"),
        "reason",
        pl.when(failed).then(pl.col("speech.error")).alias("detail"),
        *(pl.col(name).cast(dtype) for name, dtype in FEATURES.items()),
    )
    passed = last.filter(~failed).select(
        "id",
        "sound_tokens",
        pl.concat_list(pl.col("sound_tokens").list.len().cast(pl.UInt16)).alias("tokens_per_turn"),
        "duration",
        "voice",
        "transcript",
        pl.col("speech.wer").alias("wer"),
        pl.col("speech.cer").alias("cer"),
    )
    return Outcome(rows.join(passed, on="id", maintain_order="left").sort("id"), verdicts)
