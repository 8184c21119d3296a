"""Small runs in this process: the same jobs in the same order, without a cluster, which would take most of the time."""

import sys
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.pipeline.recipe import load_recipe
from sayso.pipeline.run import Run
from sayso.stages.jobs.job import carry_out

DEMO = Path(__file__).parents[2] / "pipeline" / "recipes" / "demo"

# Its rows are published as they are written, so no voice is asked for.
WRITTEN = "{text: 1.0}"
SPOKEN = "{instruction: 0.6, transcription: 0.2, text: 0.1, inaudible: 0.1}"


class InThisProcess:
    """An engine that carries out one job after the other; `before_job` is called with the number of each.

    `choose` says of which of so many stages that have some the next job is.
    """

    def __init__(self, before_job=lambda number: None, choose=lambda stages: 0):
        self._before_job, self._choose, self._jobs = before_job, choose, 0

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        pass

    def work_off(self, ledger, queues):
        while waiting := [queue for queue in queues if len(queue)]:
            queue = waiting[self._choose(len(waiting))]
            (job,) = queue.take(workers=1)
            self._before_job(self._jobs)
            self._jobs += 1
            answer = self.carried_out(ledger, job)
            queue.done()
            yield answer

    def carried_out(self, ledger, job):
        try:
            return carry_out(ledger, job)
        except DamagedShard as damage:
            return damage


@contextmanager
def jobs_done_here():
    """Lets the command `run` do its jobs in this process, too, until the block ends."""
    with patch("sayso.pipeline.engine.engine.Engine", lambda *given: InThisProcess()):
        yield


class Silent:
    """Progress that shows nothing."""

    def __getattr__(self, name):
        return lambda *told: None


def recipe(folder, kinds, rows):
    """A recipe over the demo's rows that goes through every stage, as a file in `folder`."""
    path = Path(folder) / "small.yaml"
    tested = Path(folder) / "tested.jsonl"
    tested.write_text('{"question": "How many legs does a spider have, and how many does an ant have?"}\n')
    path.write_text(
        f"""
name: small
seed: 3
sources:
  - {{name: everyday, paths: [{DEMO}/everyday.alpaca.json], license: Apache-2.0, limit: {rows}}}
  - {{name: facts, paths: [{DEMO}/facts.jsonl], license: Apache-2.0, limit: {rows}}}
decontaminate: {{against: [{{name: tested, paths: [tested.jsonl]}}]}}
mixture: {{shares: {kinds}}}
compose: {{rows_per_shard: 7, configs: [default, ichigo], held_out: {{rows: 4}}}}
resources: {{speech_shard_rows: 8, text_shard_rows: 16}}
"""
    )
    return path


def run_here(path, folder, until="publish", engine=None, progress=None, keep=()):
    """Do what a recipe says, in this process."""
    ledger = Ledger(str(folder))
    run = Run(load_recipe(path), path.parent, ledger, engine or InThisProcess(), progress or Silent(), keep)
    run.carry_out(until)


if __name__ == "__main__":
    print("ready", flush=True)
    run_here(Path(sys.argv[1]), Path(sys.argv[2]))
