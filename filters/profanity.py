"""Is the language of the prompt or the answer offensive?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example


class Profanity(BaseModel):
    """Swearing, insults and slurs in English, by the score of a small linear model over words (alt-profanity-check).

    Not among the default filters, and no judge of harm: it knows words, not intentions. A calm question about making
    a bomb scores 0.04, and "The cock crowed at dawn" 0.99. Of 10,000 real rows 14 were above 0.8, of which 8 swear.
    It scores about 5,000 rows of 900 characters in a CPU second. It needs an extra package,
    `pip install "sayso[safety]"`, whose model is a pickle, to be trusted as the package's code is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["profanity"] = "profanity"
    max_score: float = Field(0.8, ge=0, le=1, description="highest score, of the prompt or the answer, that may stay")

    def features(self) -> list[pl.Expr]:
        try:
            from profanity_check import predict_prob
        except ImportError as error:
            raise ImportError(
                'the filter profanity needs a package that is not installed: pip install "sayso[safety]"'
            ) from error

        def score(texts: pl.Series) -> pl.Series:
            scores = predict_prob(texts.to_list()) if len(texts) else []
            return pl.Series(texts.name, scores, dtype=pl.Float32)

        return [
            pl.col(text).map_batches(score, return_dtype=pl.Float32).alias(f"profanity.{text}_score")
            for text in ("prompt", "answer")
        ]

    def reason(self) -> pl.Expr:
        score = pl.max_horizontal("profanity.prompt_score", "profanity.answer_score")
        return pl.when(score > self.max_score).then(pl.lit("offensive_language"))

    examples: ClassVar[tuple[Example, ...]] = (
        Example("What is the capital of France?"),
        Example("How do I kill a process on Linux?"),
        Example("Tell me a joke about a chicken."),
        Example("You are a fucking idiot, so help me.", reason="offensive_language"),
        Example("What do you think of me?", "You are a stupid bitch.", reason="offensive_language"),
    )
