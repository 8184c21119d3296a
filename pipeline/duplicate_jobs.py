"""The jobs that find duplicates: signatures by shard, pairs by band, clusters once, verdicts by shard again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Done, Table
from stages.deduplicate import Deduplicate, deduplicate
from stages.duplicates.clusters import keepers
from stages.duplicates.pairs import PAIRS, near_text, rank, same_text, shared
from stages.duplicates.signatures import band_name, signatures

# A worker compares the buckets of so many rows at a time. A whole band of 3.2 million rows, a third of them with a near
# copy, took 1.3 GB; so a part takes about 800 MB at most, however many rows there are.
ROWS_PER_PART = 2_000_000

RANKED = ("id", "source", "answer_length")


@dataclass(frozen=True)
class Signed:
    """The shards of signatures, and the number that each one's first row has among all rows."""

    shards: tuple[str, ...]
    starts: tuple[int, ...]

    def rows(self, ledger: Ledger, wanted: npt.NDArray[np.int64], columns: Sequence[str]) -> pl.DataFrame:
        """The rows of these numbers (ascending), shard by shard, so that no more than they are in memory."""
        return pl.concat(list(self._parts(ledger, wanted, columns)))

    def _parts(self, ledger: Ledger, wanted: npt.NDArray[np.int64], columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        cuts = np.searchsorted(wanted, self.starts)
        for shard, start, first, following in zip(
            self.shards, self.starts, cuts, [*cuts[1:], len(wanted)], strict=True
        ):
            numbers = wanted[first:following]
            if len(numbers) or shard == self.shards[0]:
                rows = ledger.rows("signatures", [shard]).select(columns).collect()[numbers - start]
                yield rows.with_columns(pl.Series("row", numbers, dtype=pl.UInt32))


@dataclass(frozen=True)
class SignatureJob:
    """Sign the screened rows of one shard that no earlier stage has dropped."""

    key: ShardKey
    parameters: dict[str, object]
    config: Deduplicate
    stays: str

    def outcome(self, ledger: Ledger) -> Table:
        rows = ledger.rows("screen", [self.key.shard])
        if self.stays != "screen":
            rows = rows.join(ledger.rows(self.stays, [self.key.shard]).select("id"), on="id", how="semi")
        wanted = rows.select("id", "source", "position", "prompt", "answer", "text_hash").collect().sort("id")
        return Table(signatures(wanted, self.config.ngram, self.config.bands, self.config.band_rows))


@dataclass(frozen=True)
class TextPairsJob:
    """Pair each row with the best of those that have its very text."""

    key: ShardKey
    parameters: dict[str, object]
    sources: tuple[str, ...]
    signed: Signed
    part: int
    parts: int

    def outcome(self, ledger: Ledger) -> Table:
        texts = _hashes(ledger, self.signed, "text")
        rows = _shared_in_part(texts, self.part, self.parts)
        keys = self.signed.rows(ledger, rows, (*RANKED, "text"))
        return Table(same_text(keys.select("row", "text", rank(keys, self.sources))))


@dataclass(frozen=True)
class BandPairsJob:
    """Pair the rows that meet in the buckets of one band and are truly alike."""

    key: ShardKey
    parameters: dict[str, object]
    sources: tuple[str, ...]
    min_similarity: float
    signed: Signed
    band: int
    part: int
    parts: int

    def outcome(self, ledger: Ledger) -> Table:
        buckets = _hashes(ledger, self.signed, band_name(self.band))
        rows = _shared_in_part(buckets, self.part, self.parts)
        keys = self.signed.rows(ledger, rows, (*RANKED, "text", "shingles", band_name(self.band)))
        keys = keys.rename({band_name(self.band): "bucket"})
        ranked = keys.select("row", "text", "bucket", "shingles", rank(keys, self.sources))
        return Table(near_text(ranked, self.min_similarity))


@dataclass(frozen=True)
class ClusterJob:
    """Decide, over all pairs, which rows go and which row stays for each."""

    key: ShardKey
    parameters: dict[str, object]
    sources: tuple[str, ...]
    signed: Signed
    same: tuple[str, ...]
    near: tuple[str, ...]

    def outcome(self, ledger: Ledger) -> Table:
        near = _pairs(ledger, self.near)
        paired = np.unique(np.concatenate([near["one"].to_numpy(), near["other"].to_numpy()])).astype(np.int64)
        keys = self.signed.rows(ledger, paired, RANKED)
        same = _pairs(ledger, self.same)
        gone = keepers(same, near, keys.select("row", rank(keys, self.sources)))
        kept = self.signed.rows(ledger, gone["keeper"].unique().sort().to_numpy().astype(np.int64), ["id", "text"])
        went = self.signed.rows(ledger, gone["row"].to_numpy().astype(np.int64), ["id", "text"])
        kept = kept.rename({"row": "keeper", "id": "of", "text": "text_of"})
        found = gone.join(kept, on="keeper", how="left").join(went, on="row", how="left").sort("row")
        return Table(found.select("row", "id", "of", "similarity", same=pl.col("text") == pl.col("text_of")))


@dataclass(frozen=True)
class DeduplicateJob:
    """Give the verdicts on the rows of one shard of signatures."""

    key: ShardKey
    parameters: dict[str, object]
    start: int
    rows: int

    def outcome(self, ledger: Ledger) -> Done:
        rows = ledger.rows("signatures", [self.key.shard]).select("id", "source", "position").collect()
        inside = pl.col("row").is_between(self.start, self.start + self.rows, closed="left")
        gone = ledger.rows("clusters", ["all"]).filter(inside).drop("row").collect()
        return Done(deduplicate(rows, gone), rows.height)


def _hashes(ledger: Ledger, signed: Signed, column: str) -> npt.NDArray[np.uint64]:
    hashes = ledger.rows("signatures", signed.shards).select(column).collect().to_series()
    return hashes.to_numpy()


def _shared_in_part(hashes: npt.NDArray[np.uint64], part: int, parts: int) -> npt.NDArray[np.int64]:
    inside = np.flatnonzero(hashes % parts == part) if parts > 1 else np.arange(len(hashes))
    return inside[shared(hashes[inside])]


def _pairs(ledger: Ledger, shards: tuple[str, ...]) -> pl.DataFrame:
    if not shards:
        return pl.DataFrame(schema=PAIRS)
    return ledger.rows("pairs", shards).collect()
