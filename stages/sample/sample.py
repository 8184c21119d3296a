"""Sample: keep to a budget by a seeded choice that is on record like any other verdict."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, model_validator

from sayso.manifests.verdicts import SAMPLED_OUT, Outcome, outcome
from sayso.stages.rows.draws import draw
from sayso.stages.rows.kinds import KINDS, Kind
from sayso.stages.rows.mixture import Mixture, divide
from sayso.stages.rows.recordings import IS_RECORDED


class Sample(BaseModel):
    """How many rows go on: all of them, a count, or a count divided by source; and how many of one source at most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int | None = Field(default=None, gt=0, description="how many rows are wanted; all when not given")
    shares: dict[str, PositiveFloat] = Field(
        default={}, description="share of `rows` that each source gives, or all it has; others give none"
    )
    weights: dict[str, PositiveFloat] = Field(
        default={},
        description="as shares, in proportion: what one source cannot give, the others give by their weights",
    )
    caps: dict[str, PositiveInt] = Field(default={}, description="most rows of a source; others have no such limit")

    @model_validator(mode="after")
    def _is_a_count_divided_in_one_way(self) -> Sample:
        for name in ("shares", "weights"):
            if getattr(self, name) and self.rows is None:
                raise ValueError(f"{name} need `rows`, the count that they divide")
        if self.shares and self.weights:
            raise ValueError("shares and weights both divide `rows`; give one of them")
        if sum(self.shares.values()) > 1 + 1e-9:
            raise ValueError(f"shares must add up to at most 1, not {sum(self.shares.values()):g}")
        return self


class Cutoffs(NamedTuple):
    """The draws up to which the rows of one source stay: below its cap, and within the budget."""

    cap: float
    budget: float


# The draws of the rows of each source.
SourceDraws = Mapping[str, npt.NDArray[np.float64]]


def draws_by_source(parts: Iterable[pl.DataFrame], seed: int) -> SourceDraws:
    """What the rows of many parts (`id`, `source`), taken one after the other, draw: 8 bytes a row are held."""
    found: dict[str, list[npt.NDArray[np.float64]]] = {}
    for part in parts:
        drawn = part.select("source", draw(part["id"], seed, "sample"))
        for (source,), of_source in drawn.partition_by("source", as_dict=True, include_key=False).items():
            found.setdefault(source, []).append(of_source["draw"].to_numpy())
    return {source: np.concatenate(draws) for source, draws in found.items()}


def source_cutoffs(draws: SourceDraws, config: Sample) -> dict[str, Cutoffs]:
    """The draws up to which rows of each source stay, so that the wanted counts come out, exact to the row.

    Caps come first; the budget is divided among the rows below them. Two numbers per source are all that the
    shards need to know to decide each row on its own.
    """
    caps = {source: _nth_smallest(of, config.caps.get(source, of.size)) for source, of in draws.items()}
    below = {source: of[of <= caps[source]] for source, of in draws.items()}
    if config.rows is None:
        budgets = dict.fromkeys(draws, 1.0)
    elif config.shares or config.weights:
        there = {source: of.size for source, of in below.items()}
        parts = _by_weight(config.rows, config.weights, there) if config.weights else _by_share(config)
        budgets = {source: _nth_smallest(of, parts.get(source, 0)) for source, of in below.items()}
    else:
        budgets = dict.fromkeys(draws, _nth_smallest(np.concatenate([*below.values(), []]), config.rows))
    return {source: Cutoffs(caps[source], budgets[source]) for source in draws}


def _by_share(config: Sample) -> dict[str, int]:
    return {source: round((config.rows or 0) * share) for source, share in config.shares.items()}


def _by_weight(rows: int, weights: Mapping[str, float], there: Mapping[str, int]) -> dict[str, int]:
    """`rows` divided by weight among sources that have so many `there`; left-over rows by the largest remainder."""
    parts: dict[str, int] = {}
    others = dict(weights)
    while others:
        left, whole = rows - sum(parts.values()), math.fsum(others.values())
        exact = {source: left * weight / whole for source, weight in others.items()}
        short = [source for source in others if there.get(source, 0) <= exact[source]]
        if not short:
            parts |= {source: math.floor(part) for source, part in exact.items()}
            by_remainder = sorted(exact, key=lambda source: (math.floor(exact[source]) - exact[source], source))
            for source in by_remainder[: rows - sum(parts.values())]:
                parts[source] += 1
            break
        parts |= {source: there.get(source, 0) for source in short}
        others = {source: weight for source, weight in others.items() if source not in short}
    return parts


def _nth_smallest(draws: npt.NDArray[np.float64], count: int) -> float:
    if count == 0:
        return -1.0
    if count >= draws.size:
        return 1.0
    return float(np.partition(draws, count - 1)[count - 1])


DRAWN = {"turns": pl.UInt8, "recorded": pl.Boolean, "turns.draw": pl.Float64, "kind.draw": pl.Float64}
# What recorded speech is where the recipe says nothing of kinds.
_UNASKED: Kind = "transcription"


class KindCutoffs(NamedTuple):
    """Up to which draw rows that are text, and rows of recorded speech, are of each kind, as they are dealt."""

    texts: dict[Kind, float]
    recordings: dict[Kind, float]


def kind_draws(parts: Iterable[pl.DataFrame], limits: Mapping[str, Cutoffs], seed: int) -> pl.DataFrame:
    """What rows (`id`, `source`, `turns`, `recorded`) of many parts draw for their kind, if they are within the limits.

    One draw decides whether a row has several turns, the other its kind if it has one: 17 bytes a row are held.
    """
    found = [_within(part, limits, seed).filter(STAYS).select(list(DRAWN)) for part in parts]
    return pl.concat([pl.DataFrame(schema=DRAWN), *found])


def kind_cutoffs(drawn: pl.DataFrame, mixture: Mixture) -> KindCutoffs:
    """Up to which draw rows are of each kind, in the order in which they are dealt, to one row where there are enough.

    Recorded speech comes first, for it can be of few kinds, and of those first what nothing else can be; texts are then
    dealt what is missing. Of these the kinds of most turns come first, for few rows have so many; the others share what
    is left, in proportion. Rows that are made are not drawn from rows. What speech fails to say is missing later, so
    that all rows are dealt, in proportion; the mix brings them down to what was asked.
    """
    asked = {kind: part for kind, part in mixture.asked.items() if not KINDS[kind].is_made}
    recorded = drawn.filter("recorded")["kind.draw"].to_numpy()
    wanted = divide(drawn.height, asked)
    dealt = _deal_recordings(recorded.size, wanted if mixture.is_asked else {_UNASKED: recorded.size})
    ends = np.cumsum(list(dealt.values()), dtype=np.int64).tolist()
    recordings = {kind: _nth_smallest(recorded, end) for kind, end in zip(dealt, ends, strict=True)}
    of_texts = {kind: asked[kind] for kind in asked if KINDS[kind].of_texts}
    missing = {kind: float(max(0, wanted[kind] - dealt.get(kind, 0))) for kind in of_texts}
    texts = _text_cutoffs(drawn.filter(~pl.col("recorded")), missing if any(missing.values()) else of_texts)
    return KindCutoffs(texts, recordings)


def _deal_recordings(rows: int, wanted: Mapping[Kind, int]) -> dict[Kind, int]:
    """How many of so many recordings are of each kind that they can be: what only they can be up to what is wanted."""
    dealt: dict[Kind, int] = {}
    for kind in sorted((kind for kind in wanted if KINDS[kind].of_recordings), key=lambda kind: KINDS[kind].of_texts):
        dealt[kind] = min(wanted[kind], rows - sum(dealt.values()))
    if dealt:
        dealt[next(reversed(dealt))] += rows - sum(dealt.values())
    return dealt


def _text_cutoffs(drawn: pl.DataFrame, asked: Mapping[Kind, float]) -> dict[Kind, float]:
    if not asked:
        return {}
    cutoffs: dict[Kind, float] = {}
    wanted = divide(drawn.height, asked)
    of_turns = [kind for kind in asked if KINDS[kind].turns > 1]
    for kind in sorted(of_turns, key=lambda kind: -KINDS[kind].turns):
        enough = drawn.filter(pl.col("turns") >= KINDS[kind].turns)["turns.draw"].to_numpy()
        cutoffs[kind] = _nth_smallest(enough, wanted[kind])
        drawn = drawn.filter(~_is_dealt(kind, cutoffs[kind]))
        del wanted[kind]
    # What was found missing above is divided among the others; where nothing is missing, these are their counts.
    parts = divide(drawn.height, wanted) if any(wanted.values()) else wanted
    draws = drawn["kind.draw"].to_numpy()
    ends = np.cumsum(list(parts.values()), dtype=np.int64).tolist()
    cutoffs |= {kind: _nth_smallest(draws, end) for kind, end in zip(parts, ends, strict=True)}
    return cutoffs | {next(reversed(cutoffs)): 1.0}


def _is_dealt(kind: Kind, cutoff: float) -> pl.Expr:
    """Whether a row that no kind before has got becomes one of this kind."""
    turns = KINDS[kind].turns
    if turns > 1:
        return (pl.col("turns") >= turns) & (pl.col("turns.draw") <= cutoff)
    return pl.col("kind.draw") <= cutoff


OVER_CAP, OVER_BUDGET = (pl.col("sample.draw") > pl.col(limit) for limit in ("cap", "budget"))
STAYS = ~OVER_CAP & ~OVER_BUDGET


def _within(rows: pl.DataFrame, limits: Mapping[str, Cutoffs], seed: int) -> pl.DataFrame:
    """The rows with their draws, and the limits of their source."""
    limit_table = pl.DataFrame(
        [(source, *limit) for source, limit in limits.items()],
        schema={"source": pl.String, "cap": pl.Float64, "budget": pl.Float64},
        orient="row",
    )
    drawn = rows.with_columns(
        draw(rows["id"], seed, purpose).alias(f"{purpose}.draw") for purpose in ("sample", "turns", "kind")
    )
    return drawn.join(limit_table, on="source", how="left", maintain_order="left")


def _kind_of(cutoffs: Mapping[Kind, float]) -> pl.Expr:
    """The kind that a row is dealt, null where it can be of none."""
    dealt = (pl.when(_is_dealt(kind, cutoff)).then(pl.lit(kind)) for kind, cutoff in cutoffs.items())
    return pl.coalesce(*dealt, pl.lit(None, pl.String))


def sample(rows: pl.DataFrame, limits: Mapping[str, Cutoffs], kinds: KindCutoffs, seed: int) -> Outcome:
    """Judge the rows of one range of ids by their draw, and deal each that stays its `kind`.

    `later_turns` is cut to what the kind takes, and null in rows of one turn. A row that stays within the budget goes
    all the same when it has fewer turns than every kind, or is text where none of them is of texts, or recorded speech
    where none is of that. The verdict shows the draw beside the cutoff that decided.
    """
    drawn = _within(rows.sort("id"), limits, seed)
    kind = pl.when(IS_RECORDED).then(_kind_of(kinds.recordings)).otherwise(_kind_of(kinds.texts))
    drawn = drawn.with_columns(pl.when(STAYS).then(kind).alias("kind"))
    reason = (
        pl.when(OVER_CAP)
        .then(pl.lit("over_cap"))
        .when(OVER_BUDGET)
        .then(pl.lit("over_budget"))
        .when(pl.col("kind").is_null() & (IS_RECORDED | pl.lit(not kinds.texts)))
        .then(pl.lit("no_kind"))
        .when(pl.col("kind").is_null())
        .then(pl.lit("too_few_turns"))
    )
    features = (
        "sample.draw",
        pl.when(OVER_CAP).then("cap").otherwise(pl.min_horizontal("cap", "budget")).alias("sample.cutoff"),
        pl.col("kind").alias("sample.kind"),
    )
    turns = {kind: of_kind.turns for kind, of_kind in KINDS.items()}
    turns_after = pl.col("kind").replace_strict(turns, default=1, return_dtype=pl.Int64) - 1
    later = pl.when(turns_after > 0).then(pl.col("later_turns").list.head(turns_after))
    drawn = drawn.with_columns(later.alias("later_turns"))
    kept = (*rows.drop("turns").columns, "kind")
    return outcome(drawn, "sample", reason, features, kept=kept, verdict=SAMPLED_OUT)
