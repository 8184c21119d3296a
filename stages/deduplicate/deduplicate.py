"""Deduplicate: of the rows that ask the same thing, or nearly the same, keep one, across all sources."""

from __future__ import annotations

from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.verdicts import Outcome, outcome
from sayso.stages.deduplicate.signatures import LONGEST_NGRAM


class Deduplicate(BaseModel):
    """How prompts are compared, folded to their words: as whole texts, or by the word n-grams they share, too.

    Two rows are near duplicates from a Jaccard similarity of `min_similarity` on. Pairs to compare are found by
    MinHash: at similarity s a pair is found with probability 1 - (1 - s ** band_rows) ** bands, which is 0.991
    at 0.8 and 0.9998 at 0.9 by default. Every pair found is compared for what it is.
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


def deduplicate(rows: pl.DataFrame, gone: pl.DataFrame) -> Outcome:
    """Judge the rows of one shard (`id`, `source`, `position`).

    `gone` has `id`, `of` (id of the row that stays instead) and `similarity` of the rows that are duplicates.
    """
    judged = rows.join(gone, on="id", how="left", maintain_order="left")
    same = pl.when("same").then(pl.lit("exact_duplicate")).otherwise(pl.lit("near_duplicate"))
    reason = pl.when(pl.col("of").is_not_null()).then(same)
    features = [pl.col(name).alias(f"duplicates.{name}") for name in ("of", "similarity")]
    return outcome(judged, "duplicates", reason, features, kept=("id", "source", "position"))
