"""The job that decides over all pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.deduplicate.clusters import keepers
from sayso.stages.deduplicate.pairs import PAIRS, Preference
from sayso.stages.deduplicate.signature_tables import RANKED, SignatureShards
from sayso.stages.jobs.job import Table


@dataclass(frozen=True)
class ClusterJob:
    """Decide, over all pairs, which rows go and which row stays for each."""

    key: ShardKey
    parameters: dict[str, object]
    preference: Preference
    signatures: SignatureShards
    same: tuple[str, ...]
    near: tuple[str, ...]

    def outcome(self, ledger: Ledger) -> Table:
        near = _pairs(ledger, self.near)
        paired = np.unique(np.concatenate([near["one"].to_numpy(), near["other"].to_numpy()])).astype(np.int64)
        signatures = self.signatures.open(ledger)
        keys = signatures.rows(paired, RANKED)
        same = _pairs(ledger, self.same)
        gone = keepers(same, near, keys.select("row", self.preference.rank(keys)))
        kept = signatures.rows(gone["keeper"].unique().sort().to_numpy().astype(np.int64), ["id", "text"])
        went = signatures.rows(gone["row"].to_numpy().astype(np.int64), ["id", "text"])
        kept = kept.rename({"row": "keeper", "id": "of", "text": "text_of"})
        found = gone.join(kept, on="keeper", how="left").join(went, on="row", how="left").sort("row")
        return Table(
            found.select("row", "id", "of", "similarity", "rest_similarity", same=pl.col("text") == pl.col("text_of"))
        )


def _pairs(ledger: Ledger, shards: tuple[str, ...]) -> pl.DataFrame:
    if not shards:
        return pl.DataFrame(schema=PAIRS)
    return ledger.rows("pairs", shards)
