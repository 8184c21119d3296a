"""The job that signs the rows of one screened shard."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.deduplicate.signatures import recordings_for_themselves, signatures
from sayso.stages.jobs.job import Table
from sayso.stages.screen.screened_rows import screened_rows

READ = ("id", "source", "position", "prompt", "answer", "text_hash", "recording")


@dataclass(frozen=True)
class SignatureJob:
    """Sign the screened rows of one shard that stay so far, as `stays` has them."""

    key: ShardKey
    parameters: dict[str, object]
    ngram: int
    bands: int
    band_rows: int
    stays: str

    def outcome(self, ledger: Ledger) -> Table:
        rows = recordings_for_themselves(screened_rows(ledger, self.stays, self.key.shard, READ))
        return Table(signatures(rows.sort("id"), self.ngram, self.bands, self.band_rows))
