"""The largest clusters of duplicates: which row of each stays and what for, and some of the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from sayso.manifests.ledger import Ledger
from sayso.manifests.names import LIST_NAME
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.stages.deduplicate.pairs import DRAW_BITS, LENGTH_BITS, Preference
from sayso.stages.deduplicate.signature_tables import RANKED

STAGE = "deduplicate"
OF, SIMILARITY = "duplicates.of", "duplicates.similarity"
MOST_SHOWN = 3
# What of a rank is above each part of it, from the first that decides to the last.
DECIDES = {"source": LENGTH_BITS + DRAW_BITS + 1, "clean_answer": LENGTH_BITS + DRAW_BITS, "answer_length": DRAW_BITS}
DRAW = "draw"

ROW = dict.fromkeys(("id", "source", "position", "prompt"), pl.String())
TABLE = pl.Schema(
    {
        **dict.fromkeys(("rows", "exact", "near"), pl.Int64()),
        "sources": pl.List(pl.String),
        **ROW,
        **dict.fromkeys((f"before_by_{name}" for name in (*DECIDES, DRAW)), pl.Int64()),
        "fell_out": pl.List(pl.Struct({**ROW, "similarity": pl.Float64})),
    }
)


class Member(BaseModel):
    """A row of a cluster; `similarity` is that to the row that stays, and `prompt` null where no texts are kept."""

    model_config = ConfigDict(frozen=True)

    id: str
    source: str
    position: str
    prompt: str | None
    similarity: float


class Cluster(BaseModel):
    """Rows that ask the same: how many with the one that stays, how many fell out with its very words or nearly so.

    `before` says how many of them the row that stays came before by its source (the recipe names it first), by a clean
    answer, by an answer that is not too long or less so, or by the draw; it is empty of a dataset by itself. Of those
    that fell out the least similar are shown, with different prompts.
    """

    model_config = ConfigDict(frozen=True)

    rows: int
    exact: int
    near: int
    sources: dict[str, int]
    stays: Member
    before: dict[str, int]
    fell_out: tuple[Member, ...]


class Clusters(BaseModel):
    """The largest clusters, how many there are, and how many rows fell out of them all."""

    model_config = ConfigDict(frozen=True)

    of: int
    rows_lost: int
    clusters: tuple[Cluster, ...]

    def table(self) -> pl.DataFrame:
        """A line a cluster: its counts, the row that stays, and lists of sources and of rows that fell out."""
        lines = [
            {
                **cluster.model_dump(include={"rows", "exact", "near"}),
                "sources": [f"{source}: {rows}" for source, rows in cluster.sources.items()],
                **cluster.stays.model_dump(include={*ROW}),
                **{f"before_by_{name}": cluster.before.get(name) for name in (*DECIDES, DRAW)},
                "fell_out": [member.model_dump() for member in cluster.fell_out],
            }
            for cluster in self.clusters
        ]
        return pl.DataFrame(lines, schema=TABLE)


class _Preferred(BaseModel):
    """What the record of `clusters` says of it."""

    priority: tuple[str, ...]
    longest_answer: int
    seed: int


def largest_clusters(ledger: Ledger, records: Sequence[Record], number: int) -> Clusters:
    """The `number` largest clusters by the verdicts of `records`, shards of `deduplicate`. Raises DamagedShard."""
    sizes = pl.concat(_sizes(ledger, record.key.shard) for record in records).group_by(OF).sum()
    largest = sizes.sort("rows", OF, descending=[True, False]).head(number)
    wanted = pl.concat([_members(ledger, record.key.shard, largest[OF]) for record in records])
    # In a run that is not through, the row that stays may be in a shard that is not done.
    largest = largest.filter(pl.col(OF).is_in(wanted.filter(pl.col(OF).is_null())["id"].implode()))
    wanted = wanted.join(_ranks(ledger, wanted), on="id", how="left")
    groups = {str(of): members for (of,), members in wanted.group_by("cluster", maintain_order=True)}
    shown = {of: _shown(groups[of]) for of in largest[OF]}
    prompts = _prompts(ledger, pl.concat(shown.values()) if shown else wanted)
    clusters = tuple(_cluster(groups[of], shown[of], prompts) for of in largest[OF])
    return Clusters(of=sizes.height, rows_lost=int(sizes["rows"].sum()), clusters=clusters)


def _sizes(ledger: Ledger, shard: str) -> pl.DataFrame:
    """How many rows of a shard fell out for each row that stays."""
    gone = ledger.verdicts(STAGE, [shard], (OF,)).filter(pl.col(OF).is_not_null())
    return gone.group_by(OF).agg(pl.len().cast(pl.Int64).alias("rows"))


def _members(ledger: Ledger, shard: str, stay: pl.Series) -> pl.DataFrame:
    """The rows of a shard that are in the clusters of some that stay, these included, with `cluster` and `shard`."""
    read = ("id", "source", "position", "reason", OF, SIMILARITY)
    rows = ledger.verdicts(STAGE, [shard], read).with_columns(cluster=pl.coalesce(OF, "id"), shard=pl.lit(shard))
    return rows.filter(pl.col("cluster").is_in(stay.implode()))


def _ranks(ledger: Ledger, members: pl.DataFrame) -> pl.DataFrame:
    """`id`, `rank` and `text` of the members, as it was decided among them; no row where the run keeps that no more."""
    preferred = ledger.find_record("clusters", "all")
    if preferred is None or members.is_empty():
        return pl.DataFrame(schema={"id": pl.String, "rank": pl.UInt64, "text": pl.UInt64})
    parts = []
    for (shard,), here in members.group_by("shard"):
        rows = ledger.rows("signatures", [str(shard)], ("id", "text", *RANKED))
        parts.append(rows.join(here, on="id", how="semi"))
    rows = pl.concat(parts)
    return rows.select("id", "text", rank=_preference(preferred).rank(rows))


def _preference(preferred: Record) -> Preference:
    try:
        found = _Preferred.model_validate(preferred.parameters)
    except ValidationError as error:
        key = preferred.key
        raise DamagedShard(key.stage, key.shard, key.record_name, "does not say which rows were preferred") from error
    return Preference(found.priority, found.longest_answer, found.seed)


def _shown(members: pl.DataFrame) -> pl.DataFrame:
    """The row that stays, then the least similar of those that fell out, no two with the same words."""
    stays = members.filter(pl.col(OF).is_null())
    fell_out = members.filter(pl.col(OF).is_not_null()).sort(SIMILARITY, "id")
    different = fell_out.unique(pl.coalesce("text", pl.col("id").hash()), keep="first", maintain_order=True)
    return pl.concat([stays, different.head(MOST_SHOWN)])


def _prompts(ledger: Ledger, shown: pl.DataFrame) -> dict[str, str]:
    """The prompts of rows as they went on from `screen`, whose shards are the same; none of a dataset by itself."""
    found: dict[str, str] = {}
    if ledger.storage.size(LIST_NAME) is None:
        for (shard,), here in shown.group_by("shard"):
            rows = ledger.rows("screen", [str(shard)], ("id", "prompt")).join(here, on="id", how="semi")
            found |= dict(rows.iter_rows())
    return found


def _cluster(members: pl.DataFrame, shown: pl.DataFrame, prompts: dict[str, str]) -> Cluster:
    exact = members.filter(pl.col("reason") == "exact_duplicate").height
    stays, *fell_out = (
        Member(
            **{name: row[name] for name in ("id", "source", "position")},
            prompt=prompts.get(row["id"]),
            similarity=1.0 if row[SIMILARITY] is None else round(row[SIMILARITY], 4),
        )
        for row in shown.iter_rows(named=True)
    )
    sources = members["source"].value_counts(sort=True).sort("count", "source", descending=[True, False])
    return Cluster(
        rows=members.height,
        exact=exact,
        near=members.height - 1 - exact,
        sources=dict(sources.iter_rows()),
        stays=stays,
        before=_before(members),
        fell_out=tuple(fell_out),
    )


def _before(members: pl.DataFrame) -> dict[str, int]:
    """How many rows the one that stays came before, by the first part of their ranks that differs."""
    ranked = members.filter(pl.col("rank").is_not_null())
    best = ranked.filter(pl.col(OF).is_null())["rank"]
    others = ranked.filter(pl.col(OF).is_not_null())["rank"].to_numpy()
    found, counted = dict[str, int](), 0
    if best.is_empty():
        return found
    for name, below in DECIDES.items():
        differ = int(np.count_nonzero(others >> np.uint64(below) != np.uint64(best[0]) >> np.uint64(below)))
        found[name], counted = differ - counted, differ
    found[DRAW] = len(others) - counted
    return {name: rows for name, rows in found.items() if rows}
