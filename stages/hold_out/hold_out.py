"""Held out: rows for a test split, of each kind its share, that are like no other row of the dataset."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.stages.deduplicate.pairs import Places, jaccard
from sayso.stages.deduplicate.signatures import Shingles, shingles
from sayso.stages.mix.mix import KindDraws, cutoffs_for
from sayso.stages.rows.draws import draw
from sayso.stages.rows.kinds import Kind
from sayso.stages.rows.mixture import divide
from sayso.stages.rows.turns import turns

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


def wanted_by_kind(draws: KindDraws, rows: int) -> dict[Kind, int]:
    """How many rows of each kind are held out of what there is."""
    there: Mapping[Kind, int] = {kind: of.size for kind, of in draws.items()}
    total = sum(there.values())
    return divide(min(rows, total // 2), {kind: float(count) for kind, count in there.items()}) if total else {}


def candidate_cutoffs(draws: KindDraws, wanted: Mapping[Kind, int]) -> dict[Kind, float]:
    """The draws up to which rows of each kind are looked at."""
    spared = {kind: min(draws[kind].size, count * SPARE_FACTOR + SPARE_ROWS) for kind, count in wanted.items() if count}
    return cutoffs_for(draws, spared)


def candidates(rows: pl.DataFrame, cutoffs: Mapping[Kind, float], seed: int) -> pl.DataFrame:
    """`id`, `kind`, `draw` and `prompts` (of all turns) of the rows of one shard that may be held out."""
    limits = pl.DataFrame(
        {"kind": list(cutoffs), "cutoff": list(cutoffs.values())}, schema={"kind": pl.String, "cutoff": pl.Float64}
    )
    drawn = rows.with_columns(draw(rows["id"], seed, PURPOSE)).join(limits, on="kind", maintain_order="left")
    chosen = drawn.filter(pl.col("draw") <= pl.col("cutoff"))
    prompts = turns(chosen).group_by("row", maintain_order=True).agg(pl.col("prompt").drop_nulls().alias("prompts"))
    return chosen.select("id", "kind", "draw").hstack(prompts.select("prompts"))


def find_similar(rows: pl.DataFrame, candidates: pl.DataFrame, ngram: int, min_similarity: float) -> pl.DataFrame:
    """The candidates that are like another one of these rows: `id`, the `other` that is most alike, `similarity`.

    Only those from `min_similarity` on, sorted by id.
    """
    each = turns(rows)
    texts = each.select(rows["id"].gather(each["row"]), "prompt").drop_nulls()
    known = candidates.select("id", prompt="prompts").explode("prompt", empty_as_null=False)
    found = shingles(pl.concat([known["prompt"], texts["prompt"]]), ngram)
    ones, others = _near(found, known.height, min_similarity)
    pairs = pl.DataFrame(
        {
            "id": known["id"].gather(ones),
            "other": texts["id"].gather(others - known.height),
            "similarity": jaccard(found, ones, others),
        }
    ).filter((pl.col("id") != pl.col("other")) & (pl.col("similarity") >= min_similarity))
    return pairs.sort("id", -pl.col("similarity"), "other").unique("id", keep="first", maintain_order=True)


def _near(found: Shingles, known: int, min_similarity: float) -> tuple[Places, Places]:
    """Pairs of one of the first `known` texts and a later one, among them all that are as similar as that.

    Of two such texts the rarest n-grams, as many as may be missing and one more, cannot all differ (prefix filtering,
    Chaudhuri, Ganti and Kaushik 2006); n-grams that many texts have are never looked up.
    """
    sizes = np.diff(found.starts)
    text = np.repeat(np.arange(len(sizes)), sizes)
    of_known, counts = np.unique(found.values[: found.starts[known]], return_counts=True)
    place = np.minimum(np.searchsorted(of_known, found.values), max(0, len(of_known) - 1))
    frequency = np.where(of_known[place] == found.values, counts[place], 0) if len(of_known) else np.zeros_like(text)
    order = np.lexsort((found.values, frequency, text))
    rarer = np.arange(len(text)) - found.starts[text]
    looked_up = (rarer < (sizes - np.ceil(min_similarity * sizes) + 1)[text]) & (frequency[order] > 0)
    rare = pl.DataFrame({"ngram": found.values[order][looked_up], "text": text[looked_up]})
    pairs = rare.filter(pl.col("text") < known).join(rare.filter(pl.col("text") >= known), on="ngram")
    pairs = pairs.select("text", "text_right").unique()
    return pairs["text"].to_numpy(), pairs["text_right"].to_numpy()


def choose_held_out(candidates: pl.DataFrame, leaks: pl.DataFrame, wanted: Mapping[Kind, int]) -> pl.Series:
    """The ids that are held out: of each kind as many as `wanted`, those of the lowest draw that are like no other."""
    alone = candidates.join(leaks, on="id", how="anti").sort("draw")
    limit = pl.col("kind").replace_strict(dict(wanted), return_dtype=pl.Int64, default=0)
    place = pl.int_range(pl.len()).over("kind")
    return alone.filter(place < limit)["id"].sort()
