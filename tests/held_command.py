"""The command `sayso` with workers that wait before a stage: whoever ends them, or their driver, need not be quick.

`python -m tests.held_command STAGE RECORDS RELEASED …`, with the command's own arguments behind these.
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
# Seconds after which a run that is still held was forgotten.
PATIENCE = 900.0


@dataclass(frozen=True)
class Hold:
    """No job of `stage` begins where so many `records` of it are there, until the file `released` is."""

    stage: str
    records: int
    released: Path

    def start(self, *arguments, **options):
        """The command with these arguments on its way; its output is thrown away where no options say otherwise."""
        held = (self.stage, self.records, self.released)
        command = [sys.executable, "-m", "tests.held_command", *map(str, (*held, *arguments))]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        return subprocess.Popen(command, cwd=REPOSITORY, **{**silent, **options})

    def wait(self, run, stage):
        """Return when a job of this stage may begin."""
        deadline = time.monotonic() + PATIENCE
        while stage == self.stage and not self.released.exists():
            assert time.monotonic() < deadline, "nobody lets the run go on, so it ends"
            if len(list(Path(run, "manifests", stage).glob("*.record.json"))) < self.records:
                return
            time.sleep(0.05)


if __name__ == "__main__":
    from sayso.pipeline.cli import app
    from sayso.pipeline.engine import pool

    stage, records, released = sys.argv[1:4]
    del sys.argv[1:4]
    HOLD = Hold(stage, int(records), Path(released))

    # What belongs to this file goes to the workers with its code.
    class HeldWorkerProcess(pool.WorkerProcess):
        def carry_out(self, root, claim, group):
            # One at a time, and before each.
            HOLD.wait(root, group[0][0].key.stage)
            return super().carry_out(root, claim, group[:1])

    pool.WorkerProcess = HeldWorkerProcess
    app()
