"""Is the prompt, as it is written, neither too short to be an instruction nor too long to be ever said?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example
from sayso.filters.text.scripts import UNSPACED

# Counting words is dear, and so many characters tell a lone word from a sentence.
_BEGINNING = 60
_A_SENTENCE = "Please tell me how the tides of the sea come about. "


class WrittenLength(BaseModel):
    """Words and characters of the prompt as written: they cost little to know, and spare reading what is far too long.

    Of 11,475 real prompts with more than 600 characters none came under 450, which is 30 s, when it was put into
    spoken words; `spoken_length` looks at the spoken text of the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["written_length"] = "written_length"
    min_words: int = Field(
        2, ge=0, le=10, description="fewest words in the first 60 characters; a lone word is a name or a greeting"
    )
    min_characters: int = Field(6, ge=0, description="fewest characters")
    max_characters: int = Field(600, gt=0, description="most characters")

    def features(self) -> list[pl.Expr]:
        prompt = pl.col("prompt").str.strip_chars()
        characters = prompt.str.len_chars().cast(pl.Int32)
        return [
            characters.alias("written_length.characters"),
            prompt.str.head(_BEGINNING)
            .str.count_matches(rf"[{UNSPACED}]|[\p{{L}}\p{{M}}\p{{N}}--[{UNSPACED}]]+")
            .cast(pl.Int32)
            .alias("written_length.first_words"),
        ]

    def reason(self) -> pl.Expr:
        characters = pl.col("written_length.characters")
        return (
            pl.when(pl.col("written_length.first_words") < self.min_words)
            .then(pl.lit("too_short"))
            .when(characters < self.min_characters)
            .then(pl.lit("too_short"))
            .when(characters > self.max_characters)
            .then(pl.lit("too_many_characters"))
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example("Name three fruits."),
        Example("Who are you?"),
        Example("12+34=?"),
        Example("请介绍一下你自己"),
        Example("hello", reason="too_short"),
        Example("", reason="too_short"),
        Example("I a", reason="too_short"),
        Example("Supercalifragilistic!", reason="too_short"),
        Example(_A_SENTENCE * 11),
        Example(_A_SENTENCE * 12, reason="too_many_characters"),
    )
