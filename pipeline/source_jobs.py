"""The jobs that read the sources: survey what their files hold, then ingest the rows."""

from __future__ import annotations

from dataclasses import dataclass

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Done, Table
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
    """Read the rows of one shard of a source."""

    key: ShardKey
    parameters: dict[str, object]
    shard: SourceShard

    def outcome(self, ledger: Ledger) -> Done:
        outcome = ingest(self.shard)
        return Done(outcome, outcome.verdicts.height)
