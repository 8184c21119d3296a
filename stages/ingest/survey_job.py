"""The job that surveys some files of a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sayso.manifests.ledger import Ledger
from sayso.manifests.plugins import Plugin
from sayso.manifests.records import ShardKey
from sayso.stages.ingest.survey import survey
from sayso.stages.jobs.job import Table
from sayso.stages.sources.files import File, UnreadableFiles
from sayso.stages.sources.schemas.messages.roles import Role


@dataclass(frozen=True)
class SurveyJob:
    """Find out what some files of a source hold. The key's input stands for the files, wherever they lie.

    `plugins`: those of which one may be the schema of a file; their code is in the key.
    """

    key: ShardKey
    parameters: dict[str, object]
    schema: str
    columns: Mapping[str, str]
    roles: Mapping[str, Role]
    limit: int | None
    unreadable_files: UnreadableFiles
    max_lost_share: float
    plugins: tuple[Plugin, ...] = field(compare=False)
    files: tuple[File, ...] = field(compare=False)

    def outcome(self, ledger: Ledger) -> Table:
        asked = (self.schema, self.columns, self.roles, self.limit, self.unreadable_files, self.max_lost_share)
        return Table(survey(self.files, *asked))
