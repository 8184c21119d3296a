"""Sample: keep to a budget by a seeded choice that is on record like any other verdict."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import xxhash
from pydantic import BaseModel, ConfigDict, Field, model_validator

from manifests.verdicts import KEPT, SAMPLED_OUT, VERDICT_SCHEMA, Outcome

ID_SPACE = 1 << 32


class Sample(BaseModel):
    """How many rows go on: all of them, a count, or a count divided into shares by source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int | None = Field(default=None, gt=0, description="how many rows are wanted; all when not given")
    shares: dict[str, float] = Field(
        default_factory=dict, description="share of `rows` that each source gives; others give none"
    )

    @model_validator(mode="after")
    def _shares_add_up(self) -> Sample:
        if self.shares and self.rows is None:
            raise ValueError("shares need `rows`, the count they are shares of")
        if any(share <= 0 for share in self.shares.values()) or sum(self.shares.values()) > 1 + 1e-9:
            raise ValueError(f"shares must be above 0 and add up to at most 1, not {sum(self.shares.values()):g}")
        return self


def draw(ids: pl.Series, seed: int) -> pl.Series:
    """A number in [0, 1) for each id, from nothing but the seed and the id."""
    drawn = [xxhash.xxh3_64_intdigest(row_id.encode(), seed=seed) / 2**64 for row_id in ids]
    return pl.Series("sample.draw", drawn, dtype=pl.Float64)


def cutoffs(candidates: pl.DataFrame, config: Sample, seed: int) -> dict[str, float]:
    """The draw up to which rows of each source stay, so that the wanted counts come out.

    `candidates` has `id` and `source`. A source with fewer rows than its share gives all it has. One number
    per source is all that the shards need to know to decide each row on its own.
    """
    drawn = candidates.select("id", "source").with_columns(draw(candidates["id"], seed))
    sources = drawn["source"].unique().to_list()
    if config.rows is None:
        return dict.fromkeys(sources, 1.0)
    if not config.shares:
        return dict.fromkeys(sources, _nth_smallest(drawn["sample.draw"], config.rows))
    return {
        source: _nth_smallest(
            drawn.filter(pl.col("source") == source)["sample.draw"], round(config.rows * config.shares[source])
        )
        if source in config.shares
        else -1.0
        for source in sources
    }


def _nth_smallest(draws: pl.Series, count: int) -> float:
    if count == 0:
        return -1.0
    if count >= draws.len():
        return 1.0
    return float(draws.bottom_k(count).max())  # type: ignore[arg-type]


def id_range(shard: int, shards: int) -> tuple[str, str]:
    """The smallest id of a shard and the smallest of the next, when the space of ids is cut evenly."""
    first = -(-shard * ID_SPACE // shards)
    following = -(-(shard + 1) * ID_SPACE // shards)
    # "g" sorts behind every hexadecimal digit.
    return f"{first:08x}", f"{following:08x}" if following < ID_SPACE else "g"


def sample(rows: pl.DataFrame, limits: dict[str, float], seed: int) -> Outcome:
    """Judge the rows of one range of ids by their draw; the verdict shows the draw beside its cutoff."""
    rows = rows.sort("id")
    limit_table = pl.DataFrame(
        list(limits.items()), schema={"source": pl.String, "sample.cutoff": pl.Float64}, orient="row"
    )
    drawn = rows.with_columns(draw(rows["id"], seed)).join(limit_table, on="source", how="left", maintain_order="left")
    stays = pl.col("sample.draw") <= pl.col("sample.cutoff")
    verdicts = drawn.select(
        "id",
        "source",
        "position",
        pl.when(stays).then(pl.lit(KEPT)).otherwise(pl.lit(SAMPLED_OUT)).alias("verdict"),
        pl.when(~stays).then(pl.lit("sample")).alias("filter"),
        pl.when(~stays).then(pl.lit("over_budget")).alias("reason"),
        pl.lit(None, VERDICT_SCHEMA["detail"]).alias("detail"),
        "sample.draw",
        "sample.cutoff",
    )
    return Outcome(drawn.filter(stays).select(rows.columns), verdicts)


def ranges_for(rows: int, shard_rows: int) -> Sequence[str]:
    """Names of the shards that `rows` selected rows are cut into, about `shard_rows` each."""
    return [f"{number:05d}" for number in range(max(1, -(-rows // shard_rows)))]
