"""Recorded speech on its way to sound tokens: decoded, brought to 16 kHz mono, encoded, decoded back, and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import BinaryIO, NamedTuple, TypeVar

import numpy as np
import polars as pl

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.verdicts import Outcome
from sayso.stages.rows.recordings import RECORDED
from sayso.stages.speech.protocols import SAMPLE_RATE, Clip, SpeechTokenizer, Tokens
from sayso.stages.synthesize.attempts import (
    ATTEMPT_SCHEMA,
    decode_tokens,
    measure_silence,
    transcribe_clips,
)
from sayso.stages.synthesize.augment import DRAWN
from sayso.stages.synthesize.batches import each
from sayso.stages.synthesize.gates import Gates
from sayso.stages.synthesize.judged_rows import outcome_of_rows, rows_of_attempts
from sayso.stages.synthesize.measures import measure
from sayso.stages.synthesize.recorded_files import (
    NoRecording,
    Place,
    RecordedFile,
    in_file_order,
    open_recordings,
    place_of,
)
from sayso.stages.synthesize.recording import flac
from sayso.stages.synthesize.results import of_length, tokens_of
from sayso.stages.synthesize.synthesize import Synthesize

Item = TypeVar("Item")


class TooLong(NamedTuple):
    """A recording that is longer than what the tokenizer takes at once; it is not decoded."""

    seconds: float


def encode_recordings(
    rows: pl.DataFrame,
    files: Sequence[RecordedFile],
    tokenizer: SpeechTokenizer,
    config: Synthesize,
    batch: int,
) -> Outcome:
    """Encode the recordings of one shard's rows and judge them; kept rows gain what `synthesize` gives to those said.

    A recording has one attempt, at the words that its row has; the gates are the same, and before them
    `unreadable_recording` and, longer than what the gates or the tokenizer take, `too_long`. `batch` recordings go
    through the tokenizer together, while the next ones are read; each file that holds several is opened
    once and read onwards. Raises ChangedFile where a recording is no longer what was surveyed.
    """
    places = [
        place_of(source, position, recording)
        for source, position, recording in rows.select("source", "position", "recording").rows()
    ]
    sound, gates = tokenizer.sound_format, config.gates
    longest = min(gates.max_seconds or sound.max_seconds, sound.max_seconds)
    columns: dict[str, list[object]] = {name: [None] * rows.height for name in ATTEMPT_SCHEMA}
    columns |= {"id": rows["id"].to_list(), "spoken": rows["spoken"].to_list(), "turn": [1] * rows.height}
    columns |= {"speech.voice": [_voice(speaker) for speaker in rows["recording"].struct.field("speaker")]}
    columns |= {"speech.route": [RECORDED] * rows.height}
    faults: list[str | None] = [None] * rows.height
    audio: list[bytes | None] = [None] * rows.height
    encoded: dict[int, Tokens | Exception] = {}
    for part in read_ahead(_in_parts(_read(places, files, longest), batch)):
        clips: dict[int, Clip] = {}
        for row, recording in part:
            if isinstance(recording, Exception):
                faults[row] = str(recording)
            elif isinstance(recording, TooLong):
                columns["speech.seconds"][row] = recording.seconds
            else:
                clips[row] = recording
        _encode(clips, tokenizer, columns, encoded)
        if config.listen:
            transcribe_clips(clips, tokenizer, batch, columns)
        if config.audio:
            for row, clip in clips.items():
                audio[row] = flac([clip], tokenizer.sample_rate) if len(clip) else None
    for row in range(rows.height):
        columns["sound_tokens"][row] = []
    decode_tokens(encoded, tokenizer, columns)
    none = (pl.lit(None, dtype).alias(name) for name, dtype in DRAWN.items())
    made = pl.DataFrame(columns, schema=ATTEMPT_SCHEMA).with_columns(*none)
    attempts = measure(made, sound, config.tokenizer.language_heard).with_columns(
        pl.lit(1, pl.Int64).alias("speech.attempts"), pl.Series("fault", faults, dtype=pl.String)
    )
    attempts = attempts.with_columns(
        _reason(gates, longest, sound), pl.coalesce("fault", "speech.error").alias("speech.error")
    )
    judged = rows_of_attempts(attempts.drop("fault")).drop("audio")
    if config.audio:
        kept = pl.DataFrame({"id": rows["id"], "audio": audio}, schema={"id": pl.String, "audio": pl.Binary})
        judged = judged.join(kept, on="id", how="left", maintain_order="left")
    return outcome_of_rows(rows, judged)


def decode(stream: BinaryIO, longest: float) -> Clip | TooLong:
    """A recording as a clip: any rate, any channels, of which the mean is taken, at 16 kHz.

    TooLong where it has more than `longest` seconds. Raises NoRecording where libsndfile cannot read it.
    """
    # Only who reads recordings needs the libraries.
    import soundfile
    import soxr
    import torch

    try:
        with soundfile.SoundFile(stream) as file:
            rate, most = file.samplerate, int(longest * file.samplerate)
            samples = file.read(most + 1, dtype="float32", always_2d=True)
            if len(samples) > most:
                return TooLong(round(file.frames / rate, 3))
    except soundfile.LibsndfileError as error:
        raise NoRecording(
            f"{error.error_string.removeprefix('Error : ').rstrip('.')}; FLAC, WAV, OGG and MP3 can be read"
        ) from None
    mono = samples.mean(axis=1)
    clip = soxr.resample(mono, rate, SAMPLE_RATE) if len(mono) else mono
    return torch.from_numpy(np.asarray(clip, np.float32))


def read_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The items; while one is worked with, a thread makes the next."""
    waiting = iter(items)
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, waiting, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, waiting, None)
            yield item


def _read(
    places: Sequence[Place], files: Sequence[RecordedFile], longest: float
) -> Iterator[tuple[int, Clip | TooLong | Exception]]:
    """The number of each place with what is heard there, in the order in which they lie in their files."""
    order = sorted(range(len(places)), key=lambda row: in_file_order(places[row]))
    for row, stream in zip(order, open_recordings([places[row] for row in order], files), strict=True):
        try:
            yield row, stream if isinstance(stream, NoRecording) else decode(stream, longest)
        except Exception as error:  # what a decoder makes of broken bytes; this row's own
            yield row, error


def _in_parts(items: Iterator[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in order, `size` at a time, each made when its part is asked for."""
    while part := [*islice(items, size)]:
        yield part


def _encode(
    clips: dict[int, Clip],
    tokenizer: SpeechTokenizer,
    columns: dict[str, list[object]],
    encoded: dict[int, Tokens | Exception],
) -> None:
    """Fill in the tokens of clips, or the error that each met, and their lengths."""
    sound = tokenizer.sound_format
    measure_silence(clips, columns)
    found = each([*clips.values()], tokenizer.encode, partial(tokens_of, sound=sound))
    for (row, clip), tokens in zip(clips.items(), found, strict=True):
        seconds = round(len(clip) / tokenizer.sample_rate, 3)
        columns["speech.seconds"][row] = seconds
        encoded[row] = of_length(tokens, seconds, sound)


def _reason(gates: Gates, longest: float, sound: SoundFormat) -> pl.Expr:
    # One that is as long as may be was not cut there, as what a voice says would have been.
    passed = gates.model_copy(update={"max_seconds": sound.max_seconds}).reason(sound)
    return pl.coalesce(
        pl.when(pl.col("fault").is_not_null()).then(pl.lit("unreadable_recording")),
        pl.when(pl.col("speech.seconds") > longest).then(pl.lit("too_long")),
        passed,
    ).alias("reason")


def _voice(speaker: str | None) -> str:
    return RECORDED if speaker is None else f"{RECORDED}:{speaker}"
