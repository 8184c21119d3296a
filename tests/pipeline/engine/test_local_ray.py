"""What a local Ray has started ends with its driver, and nothing else does."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sayso.pipeline.engine.local_ray import LocalRay

DRIVER = """
import subprocess, sys
from sayso.pipeline.engine.local_ray import LocalRay
here = LocalRay()
log = open(f"{here.folder}/agent.log", "w")
agent = subprocess.Popen(["sleep", "600"], stdout=log, start_new_session=True)
print(here.folder, agent.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def driver():
    """A driver with a process that writes below the folder: (the driver, the folder, the process's id)."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", DRIVER], **pipes, text=True) as process:
        folder, agent = process.stdout.readline().split()
        yield process, Path(folder), int(agent)
        process.kill()


def is_gone(process, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_what_a_killed_driver_has_started_is_ended_and_its_folder_removed(driver):
    process, folder, agent = driver
    assert folder.stat().st_mode & 0o777 == 0o700
    process.send_signal(signal.SIGKILL)
    assert is_gone(agent)
    deadline = time.monotonic() + 120
    while folder.exists():
        assert time.monotonic() < deadline, "the folder stays"
        time.sleep(0.05)


def test_somebody_who_only_reads_a_log_is_left_alone(driver):
    process, folder, agent = driver
    log = folder / "agent.log"
    log.write_text("read\n")
    with subprocess.Popen(["tail", "-f", log], stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout.readline() == "read\n", "it has the file open by now"
        process.send_signal(signal.SIGKILL)
        assert is_gone(agent)
        assert reader.poll() is None
        reader.kill()


def test_the_driver_itself_goes_on_after_it_has_let_go_of_ray():
    here = LocalRay()
    with open(f"{here.folder}/driver.log", "w"):
        here.close()
    assert not Path(here.folder).exists()


def test_the_logs_of_a_ray_that_does_not_start_are_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    here = LocalRay()
    (Path(here.files) / "session_latest" / "logs").mkdir(parents=True)
    assert Path(here.close_and_keep_logs()).is_dir()
