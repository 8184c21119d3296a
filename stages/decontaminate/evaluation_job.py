"""The job that takes the texts of one file of an evaluation set."""

from __future__ import annotations

from dataclasses import dataclass, field

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.decontaminate.evaluations import EvaluationFile, evaluation_table
from sayso.stages.jobs.job import Table


@dataclass(frozen=True)
class EvaluationJob:
    """Take what a search needs from one file of an evaluation set. `identity` stands for the file, wherever it lies."""

    key: ShardKey
    parameters: dict[str, object]
    identity: str
    file: EvaluationFile = field(compare=False)
    ngram: int

    def outcome(self, ledger: Ledger) -> Table:
        return Table(evaluation_table(self.file, self.ngram))
