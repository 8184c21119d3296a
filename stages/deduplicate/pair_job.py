"""The jobs that pair rows which are duplicates, by their text or by one band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.deduplicate.pairs import Preference, near_text, repeats, same_text
from sayso.stages.deduplicate.signature_tables import RANKED, SignatureShards
from sayso.stages.deduplicate.signatures import band_name
from sayso.stages.jobs.job import Table

# A worker compares the buckets of so many rows at a time. A whole band of 3.2 million rows, a third of them with a near
# copy, took 1.3 GB; so a part takes about 800 MB at most, however many rows there are.
ROWS_PER_PART = 2_000_000


@dataclass(frozen=True)
class TextPairsJob:
    """Pair each row with the best of those that have its very text."""

    key: ShardKey
    parameters: dict[str, object]
    preference: Preference
    signatures: SignatureShards
    part: int
    parts: int

    def outcome(self, ledger: Ledger) -> Table:
        signatures = self.signatures.open(ledger)
        rows = _repeats_in_part(signatures.hashes("text"), self.part, self.parts)
        keys = signatures.rows(rows, (*RANKED, "text"))
        return Table(same_text(keys.select("row", "text", self.preference.rank(keys))))


@dataclass(frozen=True)
class BandPairsJob:
    """Pair the rows that meet in the buckets of one band and are truly alike."""

    key: ShardKey
    parameters: dict[str, object]
    preference: Preference
    min_similarity: float
    min_rest_similarity: float
    signatures: SignatureShards
    band: int
    part: int
    parts: int

    def outcome(self, ledger: Ledger) -> Table:
        signatures = self.signatures.open(ledger)
        rows = _repeats_in_part(signatures.hashes(band_name(self.band)), self.part, self.parts)
        keys = signatures.rows(rows, (*RANKED, "text", "shingles", "rest", band_name(self.band)))
        keys = keys.rename({band_name(self.band): "bucket"})
        ranked = keys.select("row", "text", "bucket", "shingles", "rest", self.preference.rank(keys))
        return Table(near_text(ranked, self.min_similarity, self.min_rest_similarity))


def _repeats_in_part(hashes: npt.NDArray[np.uint64], part: int, parts: int) -> npt.NDArray[np.int64]:
    inside = np.flatnonzero(hashes % parts == part) if parts > 1 else np.arange(len(hashes))
    return inside[repeats(hashes[inside])]
