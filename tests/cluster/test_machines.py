"""Runs on machines that have a network of their own each: whatever happens, the bytes are those of one."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from tests.cluster.machines import joined, machines, start_head, started_head
from tests.cluster.ray_head import SLOW
from tests.docs.page import REPOSITORY
from tests.faults.small_runs import WRITTEN, recipe, run_here
from tests.runs import wait_for_records

pytestmark = SLOW
UNTIL = "sample"
SILENT = 15


@pytest.fixture(scope="module")
def network():
    with machines() as found:
        yield found


@pytest.fixture(scope="module")
def head(network):
    return started_head(network)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A recipe and what its run on one machine has of the rows to be said."""
    folder = tmp_path_factory.mktemp("written")
    path = recipe(folder, WRITTEN, rows=120)
    path.write_text(
        path.read_text().replace("resources: {", f"resources: {{text: {{workers: 2}}, silent_seconds: {SILENT}, ")
    )
    run_here(path, folder / "run", UNTIL)
    return path, sampled(folder / "run")


def sampled(run):
    return [record.files for _, record in Ledger(str(run)).recorded_shards(UNTIL)]


def started_run(head, written, run):
    """The command, typed on the head's machine; what it says goes into a file beside the run."""
    command = [sys.executable, "-m", "sayso", "run", written[0], "--until", UNTIL, "--to", run]
    with open(f"{run}.txt", "w") as said:
        return head.start(*command, stdout=said, stderr=subprocess.STDOUT)


def ended_as_on_one_machine(process, written, run):
    """Holds a run to have ended well, with the bytes of the one on one machine. Returns what it said."""
    process.wait(timeout=300)
    said = Path(f"{run}.txt").read_text()
    assert process.returncode == 0, said
    assert sampled(run) == written[1]
    assert verify(Ledger(str(run))).problems == ()
    return said


def refused(process, run):
    """The one sentence of a run that could not go on."""
    process.wait(timeout=300)
    said = Path(f"{run}.txt").read_text()
    [error] = [line for line in said.splitlines() if line.startswith("error: ")]
    assert process.returncode == 1, said
    assert "Traceback" not in said
    return error


def worker_of(machine, seconds=120):
    """A worker of sayso on a machine, once there is one."""
    deadline = time.monotonic() + seconds
    while True:
        for process in machine.processes():
            try:
                if "WorkerProcess" in " ".join(process.cmdline()):
                    return process
            except psutil.NoSuchProcess:
                continue
        assert time.monotonic() < deadline, f"no worker on {machine.name}"
        time.sleep(0.1)


def test_a_machine_that_is_lost(network, head, written, tmp_path):
    other = joined(network, head, "lost")
    run = started_run(head, written, tmp_path / "run")
    worker_of(other)
    wait_for_records(tmp_path / "run", 2)
    other.switch_off()
    ended_as_on_one_machine(run, written, tmp_path / "run")


def test_a_machine_that_is_cut_off_and_comes_back(network, head, written, tmp_path):
    other = joined(network, head, "away")
    run = started_run(head, written, tmp_path / "run")
    worker_of(other)
    wait_for_records(tmp_path / "run", 2)
    other.cut_off()
    time.sleep(SILENT)
    other.connect()
    ended_as_on_one_machine(run, written, tmp_path / "run")
    other.switch_off()


def test_a_worker_that_is_stopped_and_a_machine_that_comes_later(network, head, written, tmp_path):
    other = joined(network, head, "stopped")
    run = started_run(head, written, tmp_path / "run")
    worker = worker_of(other)
    wait_for_records(tmp_path / "run", 2)
    worker.suspend()
    later = joined(network, head, "later")
    ended_as_on_one_machine(run, written, tmp_path / "run")
    for machine in (other, later):
        machine.switch_off()


def test_a_machine_that_does_not_see_the_folder_is_named_and_the_head_does_the_run(network, head, written, tmp_path):
    other = joined(network, head, "apart", hidden=str(tmp_path))
    run = started_run(head, written, tmp_path / "run")
    said = ended_as_on_one_machine(run, written, tmp_path / "run")
    [told] = [line for line in said.splitlines() if " on apart " in line]
    assert f" on apart does not see the run in {tmp_path}/run as this machine does; name a folder" in told
    assert told.endswith("; until then its machine gets no work")
    other.switch_off()


def test_a_machine_with_other_code_is_named_and_the_head_does_the_run(network, head, written, tmp_path):
    copy = tmp_path / "copy"
    for folder in ("pipeline", "stages", "filters", "manifests"):
        shutil.copytree(REPOSITORY / folder, copy / "sayso" / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (REPOSITORY / ".src" / "sayso").glob("*.py*"):
        shutil.copy(file, copy / "sayso" / file.name)
    changed = copy / "sayso" / "stages" / "screen" / "screen.py"
    changed.write_text(changed.read_text() + "\nCHANGED = True\n")
    other = joined(network, head, "older", PYTHONPATH=f"{copy}")
    run = started_run(head, written, tmp_path / "run")
    said = ended_as_on_one_machine(run, written, tmp_path / "run")
    [told] = [line for line in said.splitlines() if " on older " in line]
    assert " on older has another sayso than this machine; install the same version on all machines" in told
    other.switch_off()


def test_a_head_that_is_lost_and_the_same_command_again(network, head, written, tmp_path):
    run = started_run(head, written, tmp_path / "run")
    wait_for_records(tmp_path / "run", 2)
    [gcs] = [process for process in head.processes() if process.name() == "gcs_server"]
    gcs.kill()
    assert "does not answer any more; what was finished is safe" in refused(run, tmp_path / "run")
    head.switch_off()
    start_head(network, head)
    ended_as_on_one_machine(started_run(head, written, tmp_path / "run"), written, tmp_path / "run")
