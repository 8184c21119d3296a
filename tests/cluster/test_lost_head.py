"""A head that is killed ends the run with one sentence, and the same command goes on when it is there again."""

import subprocess
import sys

from tests.cluster.ray_head import SLOW, started_head
from tests.held_command import Hold
from tests.runs import sayso_here, wait_for_records

pytestmark = SLOW


def test_a_head_that_is_killed_ends_the_run_in_a_sentence_and_the_same_command_goes_on(tmp_path):
    run = tmp_path / "run"
    command = ("run", "demo", "--to", str(run), "--until", "sample")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with started_head() as head:
        with Hold("screen", 0, tmp_path / "never").start(*command, env=head.environment, **pipes) as process:
            wait_for_records(run, 4)
            head.kill("gcs_server")
            said, _ = process.communicate(timeout=300)
        assert process.returncode == 1, said
        [error] = [line for line in said.splitlines() if line.startswith("error: ")]
        safe = "what was finished is safe: start the cluster again, then run the same command again"
        assert error.startswith("error: the head of the Ray cluster at ")
        assert error.endswith(f":{head.port} does not answer any more; {safe}")
    with started_head() as head:
        again = [sys.executable, "-m", "sayso", *command]
        subprocess.run(again, env=head.environment, check=True, stdout=subprocess.DEVNULL, timeout=600)
    sayso_here("verify", run)
