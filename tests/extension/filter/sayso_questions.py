"""Does the prompt ask one thing at a time?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example


class Questions(BaseModel):
    """How many questions a prompt asks: who listens cannot look back at the first one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["questions"] = "questions"
    max_questions: int = Field(2, ge=1, description="most question marks in a prompt")

    def features(self) -> list[pl.Expr]:
        marks = pl.col("prompt").str.count_matches(r"\?+")
        return [marks.cast(pl.Int32).alias("questions.marks")]

    def reason(self) -> pl.Expr:
        too_many = pl.col("questions.marks") > self.max_questions
        return pl.when(too_many).then(pl.lit("too_many_questions"))

    examples: ClassVar[tuple[Example, ...]] = (
        Example("What is rain?"),
        Example("What is rain, and why is it wet??"),
        Example("Who was she? Where did she live? Why there?", reason="too_many_questions"),
    )
