"""The jobs that read the sources: survey what their files hold, then ingest the rows."""

from __future__ import annotations

from dataclasses import dataclass

from manifests.ledger import Ledger
from manifests.records import ShardKey, record_name
from pipeline.jobs import Done, Table
from stages.checked_bytes import ChangedFile
from stages.files import File
from stages.ingest import Source, SourceShard, ingest
from stages.survey import survey


@dataclass(frozen=True)
class SurveyJob:
    """Find out what some files of a source hold."""

    key: ShardKey
    parameters: dict[str, object]
    source: Source
    files: tuple[File, ...]

    def outcome(self, ledger: Ledger) -> Table:
        return Table(survey(self.files, self.source.schema_name, self.source.columns, self.source.limit))


@dataclass(frozen=True)
class IngestJob:
    """Read the rows of one shard of a source, whose files were surveyed by `surveys`.

    Where a file is not as it was surveyed, its survey is no longer done: whoever starts the run again has it made anew.
    """

    key: ShardKey
    parameters: dict[str, object]
    shard: SourceShard
    surveys: tuple[str, ...]

    def outcome(self, ledger: Ledger) -> Done:
        try:
            outcome = ingest(self.shard)
        except ChangedFile as error:
            changed = {piece.name for piece in self.shard.pieces if piece.path == error.path}
            for survey in self.surveys:
                if changed.intersection(ledger.rows("survey", [survey]).select("name").collect()["name"]):
                    ledger.storage.remove(record_name("survey", survey))
            raise
        return Done(outcome, outcome.verdicts.height)
