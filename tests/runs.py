"""Whole runs through the command line, for tests that start, stop and compare them."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from sayso.manifests.storage import Storage
from sayso.pipeline.cli import app


def sayso(*arguments, check=True, environment=None):
    command = [sys.executable, "-m", "sayso", *map(str, arguments)]
    surroundings = {**os.environ, **(environment or {})}
    return subprocess.run(command, capture_output=True, text=True, check=check, timeout=1800, env=surroundings)


def sayso_here(*arguments, code=0):
    """The same in this process, which has imported everything by now. It must end with `code`."""
    result = CliRunner().invoke(app, [*map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


def started(*arguments, environment=None):
    """The same command on its way; its output is thrown away."""
    command = [sys.executable, "-m", "sayso", *map(str, arguments)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    surroundings = {**os.environ, **(environment or {})}
    return subprocess.Popen(command, **silent, start_new_session=True, env=surroundings)


def dataset_bytes(run):
    """The SHA-256 of each file of a run's dataset; the run lies on a disk or in a store."""
    storage = Storage(str(run))
    return {name: hashlib.sha256(storage.read(name)).hexdigest() for name in storage.below("dataset")}


def wait_for_records(run, wanted, stage="*", seconds=300):
    """Return once so many shards of a stage, or of any, are done."""
    deadline = time.monotonic() + seconds
    while len(list(run.glob(f"manifests/{stage}/*.record.json"))) < wanted:
        assert time.monotonic() < deadline, "the run makes no progress"
        time.sleep(0.05)


def kill_worker_of(driver, seconds=300):
    """Kill a worker of this driver that has a job in hand, as soon as there is one; return when it is gone."""
    deadline = time.monotonic() + seconds
    while not (workers := _workers_of(driver)):
        assert time.monotonic() < deadline, "no worker is at work"
        time.sleep(0.02)
    worker, started = random.choice(workers)
    os.kill(worker, signal.SIGKILL)
    wait_until_gone({(worker, started)})


def processes_below(driver):
    """What a driver has started, and what that has started: each as its id and the time of its start."""
    processes = _processes()
    return {(process, processes[process].started) for process in processes if _is_below(process, driver, processes)}


def wait_until_gone(wanted, seconds=300):
    """Return once none of these processes is there."""
    deadline = time.monotonic() + seconds
    while left := wanted & {(process, found.started) for process, found in _processes().items()}:
        assert time.monotonic() < deadline, f"{len(left)} processes stay"
        time.sleep(0.1)


@dataclass(frozen=True)
class _Process:
    parent: int
    started: int
    name: str


def _processes():
    """Every process that is there, by its id; those that have ended and wait for their parent are not."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, *fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            name = (entry / "cmdline").read_bytes().split(b"\0")[0].decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(entry.name)] = _Process(int(parent), int(fields[17]), name)
    return found


def _is_below(process, driver, processes):
    while process in processes:
        process = processes[process].parent
        if process == driver:
            return True
    return False


def _workers_of(driver):
    names = {process: found.name for process, found in _processes().items()}
    return [(process, started) for process, started in processes_below(driver) if "carry_out" in names.get(process, "")]
