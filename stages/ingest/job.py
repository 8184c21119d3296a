"""The job that reads the rows of a source, for one shard."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.plugins import Plugin
from sayso.manifests.records import ShardKey
from sayso.stages.ingest.ingest import SourceShard, ingest
from sayso.stages.ingest.some_rows import rows_of, shard_of
from sayso.stages.jobs.job import Done
from sayso.stages.sources.checked_bytes import ChangedFile


@dataclass(frozen=True)
class IngestJob:
    """Read the rows of one shard of a source, whose files were surveyed by `surveys`.

    `identity` stands for the shard, wherever its files lie, and the code of `plugins`, one of which may be a row's
    schema, is in the key, too. Where one is not as it was surveyed, its survey is no
    longer done: whoever starts the run again has it made anew.
    """

    key: ShardKey
    parameters: dict[str, object] = field(compare=False)
    identity: str
    plugins: tuple[Plugin, ...] = field(compare=False)
    shard: SourceShard = field(compare=False)
    surveys: tuple[str, ...] = field(compare=False)

    def outcome(self, ledger: Ledger) -> Done:
        return self._ingest(ledger, self.shard)

    def rows(self, ledger: Ledger) -> pl.DataFrame:
        return rows_of(self.shard)

    def judge(self, ledger: Ledger, rows: pl.DataFrame) -> Done:
        return self._ingest(ledger, shard_of(self.shard, rows))

    def _ingest(self, ledger: Ledger, shard: SourceShard) -> Done:
        try:
            outcome = ingest(shard)
        except ChangedFile as error:
            changed = {file_slice.name for file_slice in self.shard.slices if file_slice.path == error.path}
            for survey in self.surveys:
                if changed.intersection(ledger.rows("survey", [survey], ["name"])["name"]):
                    ledger.forget("survey", survey)
            raise
        return Done(outcome, outcome.verdicts.height)
