"""Is the prompt, as it will be said, short enough for a voice?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example
from sayso.filters.text.scripts import UNSPACED

# WhisperSpeech speaks about 15 characters a second at its default rate (`cps=15`).
CHARACTERS_PER_SECOND = 15

_A_SENTENCE = "Please tell me how the tides of the sea come about. "


class SpokenLength(BaseModel):
    """Length of the spoken prompt in words, characters, UTF-8 bytes and estimated seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["spoken_length"] = "spoken_length"
    max_words: int = Field(90, gt=0, description="most words; 3.6 a second over 25 s, faster than people speak")
    max_seconds: float = Field(
        25.0, gt=0, description="longest estimated speech: one 30 s encoder window less a sixth for slow voices"
    )
    max_bytes: int = Field(549, gt=0, description="most UTF-8 bytes; WhisperSpeech crops what is longer, silently")

    def features(self) -> list[pl.Expr]:
        spoken = pl.col("spoken")
        return [
            spoken.str.count_matches(rf"[{UNSPACED}]|[^\s{UNSPACED}]+").cast(pl.Int32).alias("spoken_length.words"),
            spoken.str.len_chars().cast(pl.Int32).alias("spoken_length.characters"),
            spoken.str.len_bytes().cast(pl.Int32).alias("spoken_length.bytes"),
            (spoken.str.len_chars() / CHARACTERS_PER_SECOND).cast(pl.Float32).alias("spoken_length.seconds"),
        ]

    def reason(self) -> pl.Expr:
        return pl.coalesce(
            pl.when(pl.col("spoken_length.seconds") > self.max_seconds).then(pl.lit("too_many_seconds")),
            pl.when(pl.col("spoken_length.words") > self.max_words).then(pl.lit("too_many_words")),
            pl.when(pl.col("spoken_length.bytes") > self.max_bytes).then(pl.lit("too_many_bytes")),
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example("Name three fruits."),
        Example("Who are you?"),
        Example("请介绍一下你自己"),
        Example(_A_SENTENCE * 7),
        Example(_A_SENTENCE * 8, reason="too_many_seconds"),
        Example("Tell me how a bee flies, " + "and why " * 90, spoken="a b " * 46, reason="too_many_words"),
        Example("Add 123456789 and 987654321. " * 6, reason="too_many_seconds"),
        Example("Скажи мне, " * 30, reason="too_many_bytes"),
    )
