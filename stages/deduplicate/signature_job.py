"""The job that signs the rows of one screened shard."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.deduplicate.signatures import signatures
from sayso.stages.jobs.job import Table


@dataclass(frozen=True)
class SignatureJob:
    """Sign the screened rows of one shard that no earlier stage has dropped."""

    key: ShardKey
    parameters: dict[str, object]
    ngram: int
    bands: int
    band_rows: int
    stays: str

    def outcome(self, ledger: Ledger) -> Table:
        rows = ledger.rows("screen", [self.key.shard], ("id", "source", "position", "prompt", "answer", "text_hash"))
        if self.stays != "screen":
            rows = rows.join(ledger.rows(self.stays, [self.key.shard], ["id"]), on="id", how="semi")
        return Table(signatures(rows.sort("id"), self.ngram, self.bands, self.band_rows))
