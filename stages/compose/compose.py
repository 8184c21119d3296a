"""Compose: rows of every kind become the published columns, with conversations that a trainer reads as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sayso.manifests.dataset.configs import ConfigName
from sayso.manifests.dataset.contract import TRANSCRIPTION_PROMPTS, findings
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.errors import SaysoError
from sayso.manifests.verdicts import NO_REASON, Outcome, outcome
from sayso.stages.compose.sound_strings import Spelling, sound_strings
from sayso.stages.hold_out.hold_out import HeldOut
from sayso.stages.rows.draws import draw
from sayso.stages.rows.turns import tokens_of_turns, turns

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

    @field_validator("configs")
    @classmethod
    def _default_comes_first(cls, configs: tuple[ConfigName, ...]) -> tuple[ConfigName, ...]:
        if configs[:1] != ("default",) or len(set(configs)) < len(configs):
            raise ValueError("the first config is default, and each is named once")
        return configs


class BrokenContract(SaysoError):
    """Raised when a conversation is not what the trainer reads."""


def compose(rows: pl.DataFrame, spelling: Spelling, sound: SoundFormat, seed: int) -> pl.DataFrame:
    """The published columns of rows, sorted by id.

    Rows are those of `mix` or `synthesize`. A transcription's answer is what was said, and one of the eight prompts,
    drawn by the row's id, stands before the sound. Raises BrokenContract, which names the row, when a conversation
    is not what the trainer reads.
    """
    # Slow to import, and only what publishes needs it.
    from sayso.stages.compose.published_columns import features_of

    rows = rows.sort("id")
    transcription = pl.col("kind") == "transcription"
    rows = rows.with_columns(pl.when(transcription).then("spoken").otherwise("answer").alias("answer"))
    multi_turn = pl.col("later_turns").list.len() > 0
    published = rows.with_columns(
        pl.when(multi_turn).then(pl.lit("multi_turn")).otherwise("kind").alias("kind"),
        _conversations(rows, spelling, sound, seed),
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


def _conversations(rows: pl.DataFrame, spelling: Spelling, sound: SoundFormat, seed: int) -> pl.Series:
    """The user's turns as sound, or as text where nothing was said, each with its answer after it."""
    opening = (draw(rows["id"], seed, "transcription prompt") * len(TRANSCRIPTION_PROMPTS)).cast(pl.Int64)
    drawn = pl.Series(TRANSCRIPTION_PROMPTS).gather(opening)
    before = rows.select(
        pl.when(pl.col("kind") == "transcription").then(pl.lit(drawn)).otherwise(pl.lit("")).alias("before"),
        (pl.col("tokens_per_turn").list.len() > 0).alias("has_sound"),
    )
    each = turns(rows)
    each = each.hstack(before[each["row"]])
    sounds = sound_strings(tokens_of_turns(rows), spelling, sound)
    place = each["has_sound"].cum_sum().cast(pl.Int64) - 1
    spoken = sounds.gather(pl.select(pl.when(each["has_sound"]).then(place)).to_series())
    users = each.select(pl.when("has_sound").then(pl.col("before") + spoken).otherwise("prompt")).to_series()
    return _interleave(users, each["answer"], turns_of_row=rows["later_turns"].list.len().fill_null(0) + 1)


def _interleave(users: pl.Series, assistants: pl.Series, turns_of_row: pl.Series) -> pl.Series:
    """One list of messages for each row, of `turns_of_row` turns."""
    count = len(users)
    order = np.arange(2 * count).reshape(2, count).T.ravel()
    messages = pl.DataFrame(
        {
            "role": pl.select(pl.lit(pl.Series(["user", "assistant"])).gather(np.arange(2 * count) % 2)).to_series(),
            "content": pl.concat([users.alias("content"), assistants.alias("content")]).gather(order),
        }
    )
    ends = np.append(0, 2 * np.cumsum(turns_of_row.to_numpy().astype(np.int64)))
    lists = pa.LargeListArray.from_arrays(pa.array(ends), messages.to_struct("message").to_arrow())
    return pl.Series("conversations", pl.from_arrow(lists))


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
