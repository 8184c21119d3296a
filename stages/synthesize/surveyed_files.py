"""The files that sampled rows of recorded speech are from, as they were surveyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from sayso.stages.jobs.plan_context import PlanContext, Records
from sayso.stages.sources.files import File
from sayso.stages.sources.schemas.file_schema import FileSchema
from sayso.stages.sources.schemas.layouts.recorded_speech import RECORDED_SPEECH
from sayso.stages.sources.source import Source
from sayso.stages.synthesize.recorded_files import RecordedFile


class SurveyedFiles:
    """The files of a recipe's sources with what their survey has of them, read where it is asked for."""

    def __init__(self, context: PlanContext, records: Records, sources: Sequence[Source]) -> None:
        self._context, self._records = context, records
        self._sources = {source.name: source for source in sources}
        self._found: dict[str, dict[str, RecordedFile]] = {}

    def files_of(self, rows: pl.DataFrame) -> tuple[RecordedFile, ...]:
        """The files of rows (`source`, `position`), each once."""
        positions = rows.select("source", "position").rows()
        named = {(source, position.rpartition(":")[0]) for source, position in positions}
        return tuple(self._of_source(source)[name] for source, name in sorted(named))

    def _of_source(self, name: str) -> dict[str, RecordedFile]:
        if name not in self._found:
            source = self._sources[name]
            of_source = [done for done in self._records["survey"] if done.key.shard.rpartition("-")[0] == name]
            lines = pl.concat(self._context.ledger.rows_of(done) for done in of_source)
            files = zip(self._context.files(source), lines.iter_rows(named=True), strict=False)
            self._found[name] = {file.name: _recorded_file(source, file, line) for file, line in files}
        return self._found[name]


def _recorded_file(source: Source, file: File, line: Mapping[str, Any]) -> RecordedFile:
    schema = FileSchema.model_validate_json(line["schema"]) if line["schema"] else None
    fields = schema.fields if schema and schema.name == RECORDED_SPEECH.name else RECORDED_SPEECH.fields
    surveyed = File(
        file.path, file.name, line["format"], file.compression, file.size, file.version, line["checks"], source.limits
    )
    return RecordedFile(source.name, surveyed, tuple(fields["audio"]))
