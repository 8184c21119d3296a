"""The project's own stages up to `deduplicate`, as its workers carry them out, with all files written."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record
from sayso.pipeline.engine.queue import JobQueue
from sayso.pipeline.recipe import Recipe
from sayso.pipeline.run import Run
from sayso.stages.jobs.job import carry_out
from tests.benchmarks.sides.steps import Steps


class Inline:
    """Carries out jobs here and now, one after the other."""

    def work_off(self, ledger: Ledger, queues: Sequence[JobQueue]) -> Iterator[Record]:
        for queue in queues:
            while len(queue):
                for job in queue.take(1):
                    yield carry_out(ledger, job)


class Kept:
    """Remembers how many rows each stage kept."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}

    def stage_planned(self, stage: str, shards: int, done: int, rows: int) -> None:
        self.rows.setdefault(stage, 0)

    def shard_done(self, record: Record) -> None:
        self.rows[record.key.stage] += record.rows_out

    def stage_finished(self, stage: str) -> None:
        pass

    def cost_known(self, cost: object) -> None:
        pass

    def stalled(self, message: str) -> None:
        pass

    def damaged(self, message: str) -> None:
        pass

    def warned(self, message: str) -> None:
        pass


def main(folder: Path) -> None:
    recipe = Recipe.model_validate({"name": "rows", "sources": [{"name": "rows", "paths": ["rows.parquet"]}]})
    steps, kept = Steps(), Kept()
    run = Run(recipe, folder, Ledger(str(folder / "ours")), Inline(), kept)
    with steps.step("screen"):
        run.carry_out("screen")
    # Goes on where it stopped.
    with steps.step("deduplicate"):
        run.carry_out("deduplicate")
    steps.print(screen=kept.rows["screen"], deduplicate=kept.rows["deduplicate"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
