"""The job that takes the texts of one file of an evaluation set."""

from __future__ import annotations

from dataclasses import dataclass, field

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Table
from stages.evaluations import EvaluationFile, evaluation_table


@dataclass(frozen=True)
class EvaluationJob:
    """Take what a search needs from one file of an evaluation set. The key's input stands for the file."""

    key: ShardKey
    parameters: dict[str, object]
    file: EvaluationFile = field(compare=False)
    ngram: int

    def outcome(self, ledger: Ledger) -> Table:
        return Table(evaluation_table(self.file, self.ngram))
