"""Held out: rows for a test split, of each kind its share, that are like no other row of the dataset."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from stages.draws import draw
from stages.duplicates.signatures import Shingles, shingles
from stages.mix import Draws, kind_cutoffs
from stages.mixture import Kind, divided
from stages.turns import turns

PURPOSE = "held out"
# Rows that are like others are passed over, so more are looked at than are wanted.
SPARE_FACTOR, SPARE_ROWS = 2, 20


class HeldOut(BaseModel):
    """A test split beside the train split, none by default.

    Near duplicates are gone by then, so what is held out must be less alike to the rest than these: a row goes to the
    test split only if no prompt of any other row shares `min_similarity` (Jaccard) of its word n-grams with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int = Field(default=0, ge=0, description="rows of the test split, of each kind its share; half at most")
    min_similarity: float = Field(
        default=0.5, gt=0, le=1, description="Jaccard similarity of word n-grams from which two rows are too alike"
    )


def wanted_by_kind(draws: Draws, rows: int) -> dict[Kind, int]:
    """How many rows of each kind are held out of what there is."""
    there: Mapping[Kind, int] = {kind: of.size for kind, of in draws.items()}
    total = sum(there.values())
    return divided(min(rows, total // 2), {kind: float(count) for kind, count in there.items()}) if total else {}


def candidate_cutoffs(draws: Draws, wanted: Mapping[Kind, int]) -> dict[Kind, float]:
    """The draws up to which rows of each kind are looked at."""
    spared = {kind: min(draws[kind].size, count * SPARE_FACTOR + SPARE_ROWS) for kind, count in wanted.items() if count}
    return kind_cutoffs(draws, spared)


def candidates(rows: pl.DataFrame, cuts: Mapping[Kind, float], seed: int) -> pl.DataFrame:
    """`id`, `kind`, `draw` and `prompts` (of all turns) of the rows of one shard that may be held out."""
    cut = pl.DataFrame({"kind": list(cuts), "cut": list(cuts.values())}, schema={"kind": pl.String, "cut": pl.Float64})
    drawn = rows.with_columns(draw(rows["id"], seed, PURPOSE)).join(cut, on="kind", maintain_order="left")
    chosen = drawn.filter(pl.col("draw") <= pl.col("cut"))
    prompts = turns(chosen).group_by("row", maintain_order=True).agg(pl.col("prompt").drop_nulls().alias("prompts"))
    return chosen.select("id", "kind", "draw").hstack(prompts.select("prompts"))


def alike(rows: pl.DataFrame, candidates: pl.DataFrame, ngram: int, min_similarity: float) -> pl.DataFrame:
    """The candidates that are like another one of these rows: `id`, the `other` that is most alike, `similarity`.

    Only those from `min_similarity` on, sorted by id. Every two prompts that share an n-gram are compared.
    """
    each = turns(rows)
    texts = each.select(rows["id"].gather(each["row"]).alias("other"), "prompt").drop_nulls()
    known = candidates.select("id", prompt="prompts").explode("prompt", empty_as_null=False)
    of_rows = _ngrams(texts["prompt"], ngram, "text", "size")
    of_known = _ngrams(known["prompt"], ngram, "known", "known_size")
    pairs = (
        of_rows.join(of_known, on="ngram")
        .group_by("text", "known")
        .agg(pl.len().alias("common"), pl.col("size").first(), pl.col("known_size").first())
    )
    found = pairs.select(
        known["id"].gather(pairs["known"]),
        texts["other"].gather(pairs["text"]),
        similarity=pl.col("common") / (pl.col("size") + pl.col("known_size") - pl.col("common")),
    ).filter((pl.col("id") != pl.col("other")) & (pl.col("similarity") >= min_similarity))
    return found.sort("id", -pl.col("similarity"), "other").unique("id", keep="first", maintain_order=True)


def _ngrams(texts: pl.Series, length: int, place: str, size: str) -> pl.DataFrame:
    """Every distinct n-gram of texts: `ngram`, the place of its text, and how many the text has."""
    found: Shingles = shingles(texts, length)
    sizes = np.diff(found.starts)
    return pl.DataFrame(
        {
            "ngram": found.values,
            place: np.repeat(np.arange(len(sizes)), sizes).astype(np.uint32),
            size: np.repeat(sizes, sizes),
        }
    )


def held_out(candidates: pl.DataFrame, leaks: pl.DataFrame, wanted: Mapping[Kind, int]) -> pl.Series:
    """The ids that are held out: of each kind as many as `wanted`, those of the lowest draw that are like no other."""
    alone = candidates.join(leaks, on="id", how="anti").sort("draw")
    limit = pl.col("kind").replace_strict(dict(wanted), return_dtype=pl.Int64, default=0)
    place = pl.int_range(pl.len()).over("kind")
    return alone.filter(place < limit)["id"].sort()
