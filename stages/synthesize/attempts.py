"""Attempts: synthesize turns once, encode them as sound tokens, and decode these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import polars as pl
import xxhash

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.protocols import Clip, SpeechTokenizer, Synthesizer, Tokens, TokenSynthesizer
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.synthesize.acoustics import silent_ends
from sayso.stages.synthesize.augment import Augment, add_augmentation, draw_augmentation
from sayso.stages.synthesize.batches import batches, each
from sayso.stages.synthesize.lanes import Parts, whole
from sayso.stages.synthesize.recording import flac
from sayso.stages.synthesize.results import of_length, text_of, tokens_of
from sayso.stages.synthesize.utterances import Utterances, synthesize_turns

ATTEMPT_SCHEMA: dict[str, Any] = {
    "id": pl.String,
    "turn": pl.Int64,
    "spoken": pl.String,
    "speech.voice": pl.String,
    "speech.route": pl.String,
    "speech.seed": pl.UInt32,
    "speech.speed": pl.Float64,
    "sound_tokens": pl.List(pl.UInt16),
    "speech.utterances": pl.Int64,
    "speech.seconds": pl.Float64,
    "speech.silent_start": pl.Float64,
    "speech.silent_end": pl.Float64,
    "speech.transcript": pl.String,
    "speech.audio_transcript": pl.String,
    "speech.error": pl.String,
    "audio": pl.Binary,
}
# What comes of an attempt; all before it is planned.
MADE = tuple(ATTEMPT_SCHEMA)[tuple(ATTEMPT_SCHEMA).index("sound_tokens") :]


@dataclass(frozen=True)
class SpeechModels:
    """What a speech worker has in memory."""

    voices: Mapping[str, Synthesizer]
    tokenizer: SpeechTokenizer
    direct: Mapping[str, TokenSynthesizer] = field(default_factory=dict)
    """The voices that make some attempts without audio, by name."""
    parts: Parts = whole
    """How they are given the rows of a shard."""

    @property
    def sound_format(self) -> SoundFormat:
        """What the tokens are like."""
        return self.tokenizer.sound_format

    def loaded(self) -> SpeechModels:
        """These, which are there already."""
        return self


@dataclass(frozen=True)
class SynthesisSettings:
    """How rows are synthesized: voices, the recipe's seed to draw with, utterances, and what is done to the clips."""

    voices: Sequence[Voice]
    seed: int
    utterances: Utterances
    augment: Augment | None
    listen: bool = False
    """Whether the clips are transcribed, too."""
    audio: bool = False
    """Whether the clips are kept, too."""
    language: str = "en"
    """That tokens are read back in."""


def turns_to_synthesize(rows: pl.DataFrame) -> pl.DataFrame:
    """`id`, `turn` (from 1) and `spoken` of each turn of rows, sorted."""
    first = rows.select("id", pl.lit(1, pl.Int64).alias("turn"), "spoken")
    later = rows.filter(pl.col("later_turns").list.len() > 0).select("id", "later_turns").explode("later_turns")
    turn = pl.int_range(2, pl.len() + 2).over("id").alias("turn")
    return pl.concat([first, later.select("id", turn, pl.col("later_turns").struct.field("spoken"))]).sort("id", "turn")


def choose_voice(voices: Sequence[Voice], row_id: str, turn: int, seed: int, attempt: int) -> tuple[Voice, int]:
    """The voice of a row's attempt, one for all its turns, and the seed that this turn is said with.

    Both follow from the recipe's seed, the id, the attempt and, for the seed of a later turn, the turn (from 1).
    """
    drawn = xxhash.xxh3_64_intdigest(f"{row_id}/{attempt}".encode(), seed=seed)
    weights = np.cumsum([voice.weight for voice in voices])
    place = np.searchsorted(weights, (drawn >> 32) / 2**32 * weights[-1], side="right")
    own = drawn if turn == 1 else xxhash.xxh3_64_intdigest(f"{row_id}/{attempt}/{turn}".encode(), seed=seed)
    return voices[int(place)], own & 0xFFFFFFFF


def turns_worth_an_attempt(turns: pl.DataFrame, voices: Sequence[Voice], seed: int, attempt: int) -> pl.DataFrame:
    """Of turns (`id`, …) those whose voice at an attempt has not said them before, or may say them otherwise now."""
    same = {voice.name for voice in voices if voice.says_the_same_again}
    if attempt == 0 or not same:
        return turns

    def is_new(row_id: str) -> bool:
        *before, now = [choose_voice(voices, row_id, 1, seed, number)[0].name for number in range(attempt + 1)]
        return now not in same or now not in before

    new = {row_id: is_new(row_id) for row_id in turns["id"].unique()}
    return turns.filter(pl.col("id").replace_strict(new, return_dtype=pl.Boolean))


def plan_attempt(turns: pl.DataFrame, settings: SynthesisSettings, attempt: int) -> pl.DataFrame:
    """What an attempt at turns (`id`, `turn`, `spoken`) is to be, as the recipe and the rows have it.

    Beside those columns voice, route, seed, speed, `DRAWN` and, from 1, the number of the attempt.
    """
    voices, places = settings.voices, turns.select("id", "turn").rows()
    chosen = [choose_voice(voices, row_id, turn, settings.seed, attempt) for row_id, turn in places]
    speeds = [voice.speeds[min(attempt, len(voice.speeds) - 1)] for voice, _ in chosen]
    columns = {
        "speech.voice": [voice.name for voice, _ in chosen],
        "speech.route": [voice.route(attempt) for voice, _ in chosen],
        "speech.seed": [drawn for _, drawn in chosen],
        "speech.speed": [*map(float, speeds)],
    }
    drawn = draw_augmentation(turns["id"], settings.augment, settings.seed, attempt)
    planned = pl.DataFrame(columns, schema={name: ATTEMPT_SCHEMA[name] for name in columns})
    number = pl.lit(attempt + 1, pl.Int64).alias("speech.attempts")
    return turns.select("id", "turn", "spoken").hstack(planned).hstack(drawn).with_columns(number)


def make_attempt(
    planned: pl.DataFrame, models: SpeechModels, settings: SynthesisSettings, attempt: int, batch: int
) -> pl.DataFrame:
    """Carry out what `plan_attempt` has planned, in order: those columns and the others of `ATTEMPT_SCHEMA`.

    Where the settings ask for audio, each turn that sounds has its own, as FLAC.
    """
    rows = planned.with_row_index("place")
    columns: dict[str, list[object]] = {name: [None] * rows.height for name in ATTEMPT_SCHEMA}
    has_audio = pl.col("speech.route") == "audio"
    audible = rows.filter(has_audio)
    synthesized, counts = synthesize_turns(audible, models.voices, settings.utterances, settings.seed, attempt)
    measure_silence(dict(zip(audible["place"], synthesized, strict=True)), columns)
    if settings.augment:
        synthesized = add_augmentation(synthesized, audible, settings.augment, settings.seed, attempt)
    clips = dict(zip(audible["place"], synthesized, strict=True))
    direct = _direct(rows.filter(~has_audio), models)
    columns["speech.utterances"] = [1] * rows.height
    for row, count in zip(audible["place"], counts, strict=True):
        columns["speech.utterances"][row] = count
    decode_tokens(_encode(clips, models.tokenizer, batch, columns) | direct, models.tokenizer, columns)
    whole = {row: clip for row, clip in clips.items() if not isinstance(clip, Exception)}
    if settings.listen:
        transcribe_clips(whole, models.tokenizer, batch, columns)
    if settings.audio:
        for row, clip in whole.items():
            # What is no sound cannot be published.
            if columns["sound_tokens"][row]:
                columns["audio"][row] = flac([clip], models.tokenizer.sample_rate)
    made = pl.DataFrame({name: columns[name] for name in MADE}, schema={name: ATTEMPT_SCHEMA[name] for name in MADE})
    return planned.hstack(made)


def measure_silence(clips: Mapping[int, Clip | Exception], columns: dict[str, list[object]]) -> None:
    """Fill in how long turns' clips are silent at their ends, before anything is done to them: noise is no speech."""
    whole = {row: clip for row, clip in clips.items() if not isinstance(clip, Exception)}
    for row, ends in zip(whole, silent_ends([*whole.values()]), strict=True):
        columns["speech.silent_start"][row], columns["speech.silent_end"][row] = ends


def transcribe_clips(
    clips: Mapping[int, Clip], tokenizer: SpeechTokenizer, batch: int, columns: dict[str, list[object]]
) -> None:
    """Fill in what is heard in each turn's clip without the tokens between; null where the tokenizer failed on it."""
    for part in batches(list(clips), batch):
        texts = each([clips[row] for row in part], tokenizer.transcribe, text_of)
        for row, text in zip(part, texts, strict=True):
            columns["speech.audio_transcript"][row] = text if isinstance(text, str) else None


def _direct(turns: pl.DataFrame, models: SpeechModels) -> dict[int, Tokens | Exception]:
    """The tokens that turns are synthesized as without audio, by the number in `place`."""
    synthesized: dict[int, Tokens | Exception] = {}
    checked = partial(tokens_of, sound=models.tokenizer.sound_format)
    for name, voice in models.direct.items():
        # Texts of about one length end at about the same time.
        mine = turns.filter(pl.col("speech.voice") == name).sort(pl.col("spoken").str.len_chars(), "id", "turn")
        wanted = mine.select("spoken", "speech.seed", "speech.speed").rows()
        say = partial(_synthesize_tokens, voice)
        synthesized |= zip(mine["place"], each(wanted, say, checked), strict=True)
    return synthesized


def _synthesize_tokens(
    voice: TokenSynthesizer, wanted: Sequence[tuple[str, int, float]]
) -> Sequence[Tokens | Exception]:
    texts, seeds, speeds = zip(*wanted, strict=True)
    return voice.synthesize_tokens(texts, seeds, speeds)


def _encode(
    clips: dict[int, Clip | Exception], tokenizer: SpeechTokenizer, batch: int, columns: dict[str, list[object]]
) -> dict[int, Tokens | Exception]:
    """The tokens of each clip, or the error that its turn met; fills in its length."""
    encoded: dict[int, Tokens | Exception] = {row: clip for row, clip in clips.items() if isinstance(clip, Exception)}
    whole = {row: clip for row, clip in clips.items() if not isinstance(clip, Exception)}
    checked = partial(tokens_of, sound=tokenizer.sound_format)
    for part in batches(list(whole), batch):
        encoded |= zip(part, each([whole[row] for row in part], tokenizer.encode, checked), strict=True)
    for row, clip in whole.items():
        seconds = round(len(clip) / tokenizer.sample_rate, 3)
        columns["speech.seconds"][row] = seconds
        encoded[row] = of_length(encoded[row], seconds, tokenizer.sound_format)
    return encoded


def decode_tokens(
    encoded: dict[int, Tokens | Exception], tokenizer: SpeechTokenizer, columns: dict[str, list[object]]
) -> None:
    """Fill in tokens and transcript of each turn, or the error that it met; the length where no clip had one."""
    failed = {row: error for row, error in encoded.items() if isinstance(error, Exception)}
    whole = {row: tokens for row, tokens in encoded.items() if not isinstance(tokens, Exception)}
    for row, tokens in whole.items():
        columns["sound_tokens"][row] = tokens.tolist()
        if columns["speech.seconds"][row] is None:
            columns["speech.seconds"][row] = round(len(tokens) / tokenizer.sound_format.tokens_per_second, 3)
    # All rows at once: the tokenizer knows how many of them decode best together.
    sounding = [row for row, tokens in whole.items() if len(tokens)]
    for row, text in zip(sounding, each([whole[row] for row in sounding], tokenizer.decode_text, text_of), strict=True):
        if isinstance(text, Exception):
            failed[row] = text
        else:
            columns["speech.transcript"][row] = text
    for row, error in failed.items():
        columns["sound_tokens"][row] = []
        columns["speech.error"][row] = f"{type(error).__name__}: {error}"
