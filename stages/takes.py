"""Takes: say turns at one try, encode them as sound tokens, decode these, and measure what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import xxhash

from stages.batches import batches, each
from stages.speech.augment import Augment, augmented, draw_augmentation
from stages.speech.gates import error_rates, token_features
from stages.speech.models import Voice
from stages.speech.protocols import Clip, SpeechTokenizer, Synthesizer, Tokens
from stages.utterances import Utterances, say_turns

TAKE_SCHEMA: dict[str, Any] = {
    "id": pl.String,
    "turn": pl.Int64,
    "spoken": pl.String,
    "clip": pl.Int64,
    "sound_tokens": pl.List(pl.UInt16),
    "speech.voice": pl.String,
    "speech.seed": pl.UInt32,
    "speech.speed": pl.Float64,
    "speech.utterances": pl.Int64,
    "speech.seconds": pl.Float64,
    "speech.transcript": pl.String,
    "speech.error": pl.String,
}


@dataclass(frozen=True)
class SpeechModels:
    """What a speech worker has in memory."""

    voices: Mapping[str, Synthesizer]
    tokenizer: SpeechTokenizer


@dataclass(frozen=True)
class Manner:
    """How rows are said: the voices, the recipe's seed to draw with, the utterances, and what is done to the clips."""

    voices: Sequence[Voice]
    seed: int
    utterances: Utterances
    augment: Augment | None


def turns_to_say(rows: pl.DataFrame) -> pl.DataFrame:
    """`id`, `turn` (from 1) and `spoken` of each turn of rows, sorted."""
    first = rows.select("id", pl.lit(1, pl.Int64).alias("turn"), "spoken")
    later = rows.filter(pl.col("later").list.len() > 0).select("id", "later").explode("later")
    turn = pl.int_range(2, pl.len() + 2).over("id").alias("turn")
    return pl.concat([first, later.select("id", turn, pl.col("later").struct.field("spoken"))]).sort("id", "turn")


def choose_voice(voices: Sequence[Voice], row_id: str, turn: int, seed: int, attempt: int) -> tuple[Voice, int]:
    """The voice of a row's take, one for all its turns, and the seed that this turn is said with.

    Both follow from the recipe's seed, the id, the attempt and, for the seed of a later turn, the turn (from 1).
    """
    drawn = xxhash.xxh3_64_intdigest(f"{row_id}/{attempt}".encode(), seed=seed)
    weights = np.cumsum([voice.weight for voice in voices])
    place = np.searchsorted(weights, (drawn >> 32) / 2**32 * weights[-1], side="right")
    own = drawn if turn == 1 else xxhash.xxh3_64_intdigest(f"{row_id}/{attempt}/{turn}".encode(), seed=seed)
    return voices[int(place)], own & 0xFFFFFFFF


def take(
    pending: pl.DataFrame, models: SpeechModels, manner: Manner, attempt: int, batch: int
) -> tuple[pl.DataFrame, Mapping[int, Clip]]:
    """One take of each turn (`id`, `turn`, `spoken`), in order: `TAKE_SCHEMA` and what the gates look at.

    WER and CER are null where nothing was heard. The clips come along, by the numbers in the column `clip`.
    """
    ids, turns, texts = (pending[name].to_list() for name in ("id", "turn", "spoken"))
    places = zip(ids, turns, strict=True)
    chosen = [choose_voice(manner.voices, row_id, turn, manner.seed, attempt) for row_id, turn in places]
    speeds = [voice.speeds[min(attempt, len(voice.speeds) - 1)] for voice, _ in chosen]
    columns: dict[str, list[object]] = {name: [None] * len(ids) for name in TAKE_SCHEMA}
    columns |= {"id": ids, "turn": turns, "spoken": texts, "clip": [*range(len(ids))], "speech.speed": list(speeds)}
    columns |= {"speech.voice": [voice.name for voice, _ in chosen], "speech.seed": [drawn for _, drawn in chosen]}
    wanted = pl.DataFrame(columns, schema=TAKE_SCHEMA)
    drawn = draw_augmentation(pending["id"], manner.augment, manner.seed, attempt)
    said, counts = say_turns(wanted, models.voices, manner.utterances, manner.seed, attempt, batch)
    if manner.augment:
        said = augmented(said, wanted.hstack(drawn), manner.augment, manner.seed, attempt)
    clips = dict(enumerate(said))
    _encode(clips, models.tokenizer, batch, columns)
    takes = pl.DataFrame(columns, schema=TAKE_SCHEMA).with_columns(counts).hstack(drawn)
    measured = takes.with_columns(token_features(models.tokenizer.codes))
    measured = measured.hstack(error_rates(takes["spoken"], takes["speech.transcript"]))
    return measured, {row: clip for row, clip in clips.items() if not isinstance(clip, Exception)}


def _encode(
    clips: dict[int, Clip | Exception], tokenizer: SpeechTokenizer, batch: int, columns: dict[str, list[object]]
) -> None:
    """Fill in length, tokens and transcript of each turn, or the error that it met."""
    failed = {row: clip for row, clip in clips.items() if isinstance(clip, Exception)}
    heard = {row: clip for row, clip in clips.items() if not isinstance(clip, Exception)}
    encoded: dict[int, Tokens] = {}
    for part in batches(list(heard), batch):
        for row, tokens in zip(part, each([heard[row] for row in part], tokenizer.encode), strict=True):
            columns["speech.seconds"][row] = round(len(heard[row]) / tokenizer.sample_rate, 3)
            if isinstance(tokens, Exception):
                failed[row] = tokens
            else:
                encoded[row] = tokens
                columns["sound_tokens"][row] = tokens.tolist()
    # All rows at once: the tokenizer knows how many of them decode best together.
    sounding = [row for row, tokens in encoded.items() if len(tokens)]
    for row, text in zip(sounding, each([encoded[row] for row in sounding], tokenizer.decode_text), strict=True):
        if isinstance(text, Exception):
            failed[row] = text
        else:
            columns["speech.transcript"][row] = text
    for row, error in failed.items():
        columns["sound_tokens"][row] = []
        columns["speech.error"][row] = f"{type(error).__name__}: {error}"
