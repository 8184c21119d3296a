"""Speech that people recorded, with what they say: a recording in one column, or the name of its file, and its text."""

from __future__ import annotations

from pathlib import PurePosixPath

import polars as pl

from sayso.stages.rows.recordings import RECORDING
from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.conversations import MESSAGES
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import Schema, is_text
from sayso.stages.sources.schemas.whole_rows import with_reasons

# What libsndfile reads, by the names that people give it.
AUDIO_SUFFIXES = (".flac", ".wav", ".mp3", ".opus", ".ogg")
# Why a row is dropped whose recording is not there.
NO_RECORDING_THERE = "no_recording"
# GigaSpeech writes its marks as words, and has names for what is no speech.
_MARKS = {"<COMMA>": ",", "<PERIOD>": ".", "<QUESTIONMARK>": "?", "<EXCLAMATIONPOINT>": "!"}
_NOBODY = ("", "N/A")
_NO_SPEECH = ("<SIL>", "<MUSIC>", "<NOISE>", "<OTHER>")


def _recorded_speech(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    """Rows whose prompt and answer are what is heard. Who speaks is the user, and nobody answers."""
    texts = fields.texts("text")
    signs = {blank + mark: sign for mark, sign in _MARKS.items() for blank in (" ", "")}
    said = (
        pl.when(pl.col("text").str.strip_chars().is_in(_NO_SPEECH))
        .then(pl.lit(""))
        .otherwise(pl.col("text").str.replace_many(signs))
    )
    rows = texts.select(
        prompt=said,
        answer=said,
        later_turns=pl.lit(None, LATER_TURNS),
        fault=pl.coalesce("fault", fields.texts("speaker")["fault"]),
        system=pl.lit(None, pl.String),
        unanswered=pl.lit(None, pl.String),
        reasoning_characters=pl.lit(0, pl.Int64),
    )
    message = pl.concat_list(pl.struct(role=pl.lit("user"), content="prompt"))
    rows = rows.with_columns(message.cast(MESSAGES).alias("messages"))
    read = with_reasons(rows, fields.absent(), "wrong_type", "`text` holds no words", "`text` holds no words")
    missing = pl.col("reason").is_null() & pl.col("missing").is_not_null()
    return read.with_columns(_missing(fields).alias("missing")).select(
        pl.exclude("reason", "detail", "missing"),
        pl.when(missing).then(pl.lit(NO_RECORDING_THERE)).otherwise("reason").alias("reason"),
        pl.when(missing).then("missing").otherwise("detail").alias("detail"),
    )


def _missing(fields: Fields) -> pl.Series:
    """Why a row has no recording that can be read, null where it may have one."""
    audio, start = fields.values("audio"), fields.texts("offset")["offset"].cast(pl.Float64, strict=False)
    return pl.select(
        pl.coalesce(
            pl.when(pl.lit(audio.is_null())).then(pl.lit("`audio` is empty")),
            pl.when(pl.lit(_are_samples(audio))).then(
                pl.lit(
                    "`audio` holds samples (`array`), which are not read; keep each recording as the bytes of a file"
                )
            ),
            # From where it starts one cannot tell where it ends.
            pl.when(pl.lit(start) != 0).then(
                pl.format("the recording starts {} s into its file; cut it into a file of its own", pl.lit(start))
            ),
        )
    ).to_series()


def _are_samples(audio: pl.Series) -> pl.Series:
    """Which recordings are numbers, as `datasets` gives them once they are decoded."""
    if isinstance(audio.dtype, pl.Struct):
        inside = audio.struct.unnest()
        return (
            inside["array"].is_not_null()
            if "array" in inside.columns
            else pl.zeros(audio.len(), pl.Boolean, eager=True)
        )
    if audio.dtype != pl.Object:
        return pl.zeros(audio.len(), pl.Boolean, eager=True)
    return pl.Series([isinstance(value, dict) and value.get("array") is not None for value in audio], dtype=pl.Boolean)


def _recordings(fields: Fields) -> pl.Series:
    """`recording` of rows: the file that it names, none where the recording lies in the row; their content is open."""
    audio, speaker = fields.values("audio"), pl.lit(fields.texts("speaker")["speaker"])
    speaker = pl.when(~speaker.is_in(_NOBODY)).then(speaker)
    if isinstance(audio.dtype, pl.Struct):
        path, there = pl.lit(None, pl.String), audio.is_not_null()
    elif audio.dtype == pl.String:
        path, there = pl.lit(audio), audio.is_not_null()
    else:
        values = audio.to_list()
        named = [value if isinstance(value, str) else None for value in values]
        path, there = pl.lit(pl.Series(named, dtype=pl.String)), pl.Series([value is not None for value in values])
    found = pl.struct(path=path, content=pl.lit(None, pl.String), speaker=speaker).cast(RECORDING)
    return pl.DataFrame({"there": there}).select(recording=pl.when("there").then(found)).to_series()


def _is_recording(value: object) -> bool:
    """Whether a value is a recording as the Hub keeps it, or the name of a file of one."""
    if isinstance(value, dict):
        return "path" in value or "bytes" in value
    return isinstance(value, str) and PurePosixPath(value).suffix.lower() in AUDIO_SUFFIXES


RECORDED_SPEECH = Schema(
    name="recorded_speech",
    fields={
        "audio": ("audio", "file_name", "path", "audio_filepath"),
        "offset": ("offset",),
        "text": ("normalized_text", "text", "sentence", "transcript", "transcription"),
        "speaker": ("speaker_id", "speaker", "client_id"),
    },
    required={"audio": _is_recording, "text": is_text},
    # A row that asks something and answers it is an instruction, whoever said it.
    precedence=5,
    convert=_recorded_speech,
    recordings=_recordings,
)
