"""Compose: rows of every kind become the published columns, with conversations that a trainer reads as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sayso.manifests.dataset.configs import ConfigName
from sayso.manifests.dataset.contract import findings
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.errors import SaysoError
from sayso.manifests.verdicts import NO_REASON, Outcome, outcome
from sayso.stages.compose.conversations import TranscriptionRequest, conversations
from sayso.stages.compose.sound_strings import Spelling
from sayso.stages.hold_out.hold_out import HeldOut
from sayso.stages.rows.kinds import KINDS, published_kind

Split = Literal["train", "test"]


class Compose(BaseModel):
    """How the published dataset is written and cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows_per_shard: int | None = Field(
        default=None, gt=0, description="rows of a published Parquet shard; about 250 MB in each when not given"
    )
    configs: tuple[ConfigName, ...] = Field(
        default=("default",), description="what is published: `ichigo` adds files in the columns of Ichigo's datasets"
    )
    held_out: HeldOut = HeldOut()
    strings: Spelling = Field(
        default="tokens", description="sound tokens in conversations one by one, or equal ones as their `durations`"
    )
    transcription: TranscriptionRequest = Field(
        default="prompt",
        description="what asks for a transcription, before its sound: one of the eight `prompt`s that Ichigo's trainer "
        "knows, drawn for each row, or the reserved `token` that its demo sends",
    )

    @field_validator("configs")
    @classmethod
    def _default_comes_first(cls, configs: tuple[ConfigName, ...]) -> tuple[ConfigName, ...]:
        if configs[:1] != ("default",) or len(set(configs)) < len(configs):
            raise ValueError("the first config is default, and each is named once")
        return configs


class BrokenContract(SaysoError):
    """Raised when a conversation is not what the trainer reads."""


def compose(rows: pl.DataFrame, config: Compose, sound: SoundFormat, seed: int) -> pl.DataFrame:
    """The published columns of rows, sorted by id.

    Rows are those of `mix` or `synthesize`. A transcription's answer is what was said. Raises BrokenContract, which
    names the row, when a conversation is not what the trainer reads.
    """
    # Slow to import, and only what publishes needs it.
    from sayso.stages.compose.published_columns import features_of

    rows = rows.sort("id")
    answers = {kind: of_kind.answer for kind, of_kind in KINDS.items()}
    column = pl.col("kind").replace_strict(answers, return_dtype=pl.String)
    answer = pl.when(column == "spoken").then("spoken").when(column == "answer").then("answer")
    taken_out = pl.when(column == "answer").then("taken_out").alias("taken_out")
    rows = rows.with_columns(answer.alias("answer"), taken_out)
    published = rows.with_columns(
        pl.col("kind").replace({kind: published_kind(kind) for kind in KINDS}),
        conversations(rows, config.strings, config.transcription, sound, seed),
        *([_recording()] if "audio" in rows.columns else []),
    ).select(list(features_of(rows.columns)))
    broken = findings(published, sound)
    if not broken.is_empty():
        first = broken.row(0, named=True)
        raise BrokenContract(f"row {first['id']}: message {first['message']} {first['what']} ({broken.height} in all)")
    return published


def _recording() -> pl.Expr:
    """`audio` as the Hub has it: the bytes of a file and its name, null where nothing was said."""
    file = pl.struct(pl.col("audio").alias("bytes"), (pl.col("id") + ".flac").alias("path"))
    return pl.when(pl.col("audio").is_not_null()).then(file).alias("audio")


def in_split(split: Split, held_out: Sequence[str]) -> pl.Expr:
    """Which rows are of a split, by their id."""
    held = pl.col("id").is_in(list(held_out))
    return held if split == "test" else ~held


def account(rows: pl.DataFrame, shard: str) -> Outcome:
    """Where each row (`id`, `source`, `position`) is published (`shard`, `row` by id), and its verdict."""
    numbered = rows.sort("id").with_row_index("row").with_columns(pl.lit(shard).alias("shard"))
    return outcome(numbered, "compose", NO_REASON, kept=("row", "id", "shard"))


def shard_names(split: Split, rows: int, rows_per_shard: int) -> Sequence[str]:
    """Names of the shards that hold `rows` rows of a split; one, empty, when there are none."""
    shards = max(1, -(-rows // rows_per_shard))
    return [f"{split}-{shard:05d}-of-{shards:05d}" for shard in range(shards)]
