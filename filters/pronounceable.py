"""Can a voice say every letter and sign that is left in the spoken prompt?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example
from sayso.filters.text.patterns import only_where


class Pronounceable(BaseModel):
    """Signs that have no word, and letters of a script that the voices do not read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["pronounceable"] = "pronounceable"
    max_foreign_letters: int = Field(
        0, ge=0, description="most letters that are not Latin; raise it to keep a language in another script"
    )

    def features(self) -> list[pl.Expr]:
        spoken = pl.col("spoken")
        other = only_where(spoken.str.len_bytes() != spoken.str.len_chars(), spoken)
        foreign = other.str.count_matches(r"[\p{L}--\p{Latin}]").fill_null(0).cast(pl.Int32)
        return [
            pl.col("unpronounceable").alias("pronounceable.problem"),
            foreign.alias("pronounceable.foreign_letters"),
        ]

    def reason(self) -> pl.Expr:
        return (
            pl.when(pl.col("pronounceable.problem").is_not_null())
            .then(pl.lit("unpronounceable"))
            .when(pl.col("pronounceable.foreign_letters") > self.max_foreign_letters)
            .then(pl.lit("foreign_script"))
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example("What is 3 + 4?"),
        Example("What is the value of π?"),
        Example("What does the French word fiancé mean?"),
        Example("What is a ⌘ key?", reason="unpronounceable"),
        Example("What does 你好 mean in English?", reason="foreign_script"),
        Example("What does спасибо mean?", reason="foreign_script"),
    )
