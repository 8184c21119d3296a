"""Mix: bring the kinds of rows to what the recipe asks for, exact to one row, and add the inaudible ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.manifests.verdicts import SAMPLED_OUT, Outcome, outcome
from sayso.stages.rows.draws import draw
from sayso.stages.rows.kinds import Kind

PURPOSE = "mix"

# What the rows of each kind draw.
KindDraws = Mapping[Kind, npt.NDArray[np.float64]]


def draws_by_kind(parts: Iterable[pl.DataFrame], seed: int, purpose: str) -> KindDraws:
    """What the rows of many parts (`id`, `kind`), taken one after the other, draw: 8 bytes a row are held."""
    found: dict[Kind, list[npt.NDArray[np.float64]]] = {}
    for part in parts:
        drawn = part.select("kind", draw(part["id"], seed, purpose))
        for (kind,), of_kind in drawn.partition_by("kind", as_dict=True, include_key=False).items():
            found.setdefault(kind, []).append(of_kind["draw"].to_numpy())
    return {kind: np.concatenate(draws) for kind, draws in found.items()}


def cutoffs_for(draws: KindDraws, wanted: Mapping[Kind, int]) -> dict[Kind, float]:
    """The draw up to which the rows of each kind stay, so that as many as `wanted` do."""
    cutoffs: dict[Kind, float] = {}
    for kind, of in draws.items():
        count = wanted.get(kind, 0)
        cutoffs[kind] = -1.0 if count == 0 else float(np.partition(of, count - 1)[count - 1])
    return cutoffs


def mix(rows: pl.DataFrame, made: pl.DataFrame, cutoffs: Mapping[Kind, float], seed: int) -> Outcome:
    """Judge the rows of one shard by their draw, and put those that are `made` beside them, sorted by id."""
    # Without a row there is no kind, and an empty mapping would give texts.
    cutoff = pl.col("kind").replace_strict(dict(cutoffs), return_dtype=pl.Float64) if cutoffs else pl.lit(-1.0)
    drawn = rows.with_columns(
        draw(rows["id"], seed, PURPOSE).alias("mixture.draw"),
        cutoff.alias("mixture.cutoff"),
    )
    judged = pl.concat([drawn, made], how="diagonal").sort("id")
    # A row that was made for its place draws nothing.
    reason = pl.when(pl.col("mixture.draw") > pl.col("mixture.cutoff")).then(pl.lit("over_share"))
    features = (pl.col("kind").alias("mixture.kind"), "mixture.draw", "mixture.cutoff")
    return outcome(judged, "mixture", reason, features, kept=rows.columns, verdict=SAMPLED_OUT)
