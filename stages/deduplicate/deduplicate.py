"""Deduplicate: of the rows that ask the same thing, or nearly the same, keep one, across all sources."""

from __future__ import annotations

import math
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.spoken_length import CHARACTERS_PER_SECOND
from sayso.manifests.verdicts import Outcome, outcome
from sayso.stages.deduplicate.signatures import LONGEST_NGRAM

# The more prompts there are, the more often do ten words stand in several by chance.
ROWS_PER_FRAME_PROMPT = 20_000
LONGEST_FRAME = 30


class Deduplicate(BaseModel):
    """How prompts are compared, folded to their words: as whole texts, or by the word n-grams they share, too.

    Two rows are near duplicates from a Jaccard similarity of `min_similarity` on, if outside of frames they are alike,
    too, from `min_rest_similarity` on. Pairs to compare are found by MinHash: at similarity s a pair is found with
    probability 1 - (1 - s ** band_rows) ** bands, which is 0.991 at 0.8 and 0.9998 at 0.9 by default. Every pair found
    is compared for what it is. Of rows that are duplicates the best stays: of the source that the recipe names first,
    with a clean answer, of a length that one can bear to hear; among others the seed draws one.

    A frame is a run of words that many prompts share, as long as two prompts need to be near duplicates by it alone:
    ten words by default. It says how something is asked, and so what is asked must be alike, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    compare: Literal["nothing", "texts", "ngrams"] = Field(
        default="ngrams", description="drop no duplicates, those of the same words, or near duplicates as well"
    )
    min_similarity: float = Field(
        default=0.8, gt=0, le=1, description="Jaccard similarity of word n-grams from which rows are near duplicates"
    )
    ngram: int = Field(default=3, ge=1, le=LONGEST_NGRAM, description="words in an n-gram")
    bands: int = Field(default=12, ge=1, le=64, description="buckets that each row is put in; more find more pairs")
    band_rows: int = Field(default=5, ge=1, le=16, description="MinHash values that decide a bucket; more, fewer pairs")
    frame_prompts: int = Field(
        default=10,
        ge=1,
        description="a run of words that more prompts have, and more than one in 20,000, is a frame; copies count once",
    )
    min_rest_similarity: float = Field(
        default=0.6,
        gt=0,
        le=1,
        description="Jaccard similarity outside of frames from which rows may be near duplicates",
    )
    max_answer_seconds: float = Field(
        default=60,
        gt=0,
        description="a longer answer, at 15 characters a second, stays only for a longer one; a minute of listening",
    )

    @property
    def frame_words(self) -> int:
        """Words of a frame: so many that two texts with another word at their end are near duplicates by it alone."""
        alike = self.min_similarity
        return self.ngram - 1 + min(LONGEST_FRAME, max(1, math.ceil(2 * alike / (1 - alike + 1e-9) - 1e-6)))

    @property
    def longest_answer(self) -> int:
        """The same length in characters."""
        return round(self.max_answer_seconds * CHARACTERS_PER_SECOND)

    def frame_above(self, rows: int) -> int:
        """In more prompts than this, of so many rows, a run of words is a frame."""
        return max(self.frame_prompts, rows // ROWS_PER_FRAME_PROMPT)


def deduplicate(rows: pl.DataFrame, gone: pl.DataFrame) -> Outcome:
    """Judge the rows of one shard (`id`, `source`, `position`).

    `gone` has `id`, `of` (id of the row that stays instead), `similarity` and `rest_similarity` (outside of frames) of
    the rows that are duplicates.
    """
    judged = rows.join(gone, on="id", how="left", maintain_order="left")
    same = pl.when("same").then(pl.lit("exact_duplicate")).otherwise(pl.lit("near_duplicate"))
    reason = pl.when(pl.col("of").is_not_null()).then(same)
    features = [pl.col(name).alias(f"duplicates.{name}") for name in ("of", "similarity", "rest_similarity")]
    return outcome(judged, "duplicates", reason, features, kept=("id", "source", "position"))
