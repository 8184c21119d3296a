"""Rows from attempts at their turns: what a row gains of all its turns, and the verdict on it."""

from __future__ import annotations

import polars as pl

from sayso.manifests.verdicts import Outcome, outcome
from sayso.stages.synthesize.augment import DRAWN
from sayso.stages.synthesize.heard_words import COLUMNS

FEATURES = {
    "speech.attempts": pl.Int64,
    "speech.earlier": pl.String,
    "speech.turn": pl.Int64,
    "speech.voice": pl.String,
    "speech.route": pl.String,
    "speech.seed": pl.UInt32,
    "speech.speed": pl.Float64,
    "speech.utterances": pl.Int64,
    "speech.seconds": pl.Float64,
    "speech.silent_start": pl.Float64,
    "speech.silent_end": pl.Float64,
    "speech.rate": pl.Float64,
    "speech.tokens": pl.Int64,
    "speech.words": pl.Int64,
    "speech.mask_codes": pl.Int64,
    "speech.longest_run": pl.Int64,
    **COLUMNS,
    "speech.transcript": pl.String,
    "speech.audio_transcript": pl.String,
    "speech.audio_wer": pl.Float64,
    **DRAWN,
}


def rows_of_attempts(attempts: pl.DataFrame) -> pl.DataFrame:
    """One line for each row, by id: its first turn that failed, or all its turns together, `audio` as a list."""
    failed = attempts.filter(pl.col("reason").is_not_null()).unique("id", keep="first", maintain_order=True)
    words, was_heard = pl.col("speech.words"), pl.col("speech.audio_transcript").is_not_null().all()
    passed = (
        attempts.join(failed, on="id", how="anti", maintain_order="left")
        .group_by("id", maintain_order=True)
        .agg(
            pl.col("speech.attempts", "speech.voice", "speech.route", "speech.seed", "speech.speed").first(),
            pl.col("speech.error", "reason").first(),
            pl.col(*DRAWN).first(),
            pl.col("audio"),
            pl.col("sound_tokens").explode(empty_as_null=False),
            pl.col("sound_tokens").list.len().cast(pl.UInt16).alias("tokens_per_turn"),
            pl.col("speech.utterances", "speech.tokens", "speech.words", "speech.mask_codes").sum(),
            pl.col("speech.wrong_numbers", "speech.wrong_negations").sum(),
            pl.col("speech.lost_start", "speech.lost_end", "speech.lost_inside").sum(),
            pl.col("speech.longest_run", "speech.silent_start", "speech.silent_end", "speech.name_error").max(),
            pl.col("speech.differs").drop_nulls().first(),
            pl.col("speech.seconds").sum().round(3),
            pl.col("speech.transcript").str.join("\n"),
            ((pl.col("speech.wer", "speech.cer") * words).sum() / words.sum()).round(4),
            pl.when(was_heard).then(pl.col("speech.audio_transcript").str.join("\n")),
            pl.when(was_heard).then(((pl.col("speech.audio_wer") * words).sum() / words.sum()).round(4)),
            ((pl.col("speech.rate") * words).sum() / words.sum()).round(2),
        )
    )
    failed = failed.select(pl.col("turn").alias("speech.turn"), pl.exclude("turn", "spoken", "audio"))
    return pl.concat([failed, passed], how="diagonal").sort("id")


def outcome_of_rows(rows: pl.DataFrame, attempts: pl.DataFrame) -> Outcome:
    """Rows and verdicts from all attempts: a row's last one decides, the reasons of earlier ones are listed."""
    attempts = attempts.sort("id", "speech.attempts")
    earlier = attempts.group_by("id", maintain_order=True).agg(
        pl.col("reason").slice(0, pl.len() - 1).str.join(", ").alias("speech.earlier")
    )
    earlier = earlier.with_columns(pl.col("speech.earlier").replace("", None))
    last = attempts.unique("id", keep="last", maintain_order=True).join(earlier, on="id", maintain_order="left")
    places = rows.select("id", "source", "position")
    judged = outcome(
        last.join(places, on="id", maintain_order="left"),
        "speech",
        pl.col("reason"),
        [pl.col(name).cast(dtype) for name, dtype in FEATURES.items()],
        kept=(
            "id",
            "sound_tokens",
            "tokens_per_turn",
            "^audio$",
            pl.col("speech.seconds").alias("duration"),
            pl.col("speech.voice").alias("voice"),
            pl.col("speech.transcript").alias("transcript"),
            pl.col("speech.wer").alias("wer"),
            pl.col("speech.cer").alias("cer"),
            pl.col("speech.audio_transcript").alias("audio_transcript"),
            pl.col("speech.audio_wer").alias("audio_wer"),
        ),
        detail=pl.col("speech.error"),
    )
    return Outcome(rows.join(judged.rows, on="id", maintain_order="left").sort("id"), judged.verdicts)
