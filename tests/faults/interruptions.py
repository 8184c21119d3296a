"""What stops a run from outside: signals at random moments, and a disk that refuses. The same command then goes on."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from sayso.manifests.filesystems import StorageError
from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from tests.faults.small_runs import run_here
from tests.held_command import REPOSITORY, Hold
from tests.runs import dataset_bytes, kill_worker_of, wait_for_records

# The last stage whose jobs go to workers.
LAST = "compose"
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# What a write, its sync or its rename may end with.
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO)


def differences(run, expected):
    """What is not as in an undisturbed run, as sentences."""
    found = [f"{problem.where} {problem.what}" for problem in verify(Ledger(str(run))).problems]
    return found + (["the dataset has other bytes"] if dataset_bytes(run) != expected else [])


def killed_without_cluster(recipe, run, expected, numbers, kills, seconds):
    """A run in a process of its own, killed so often in its first `seconds` of work; what is wrong in the end."""
    for _ in range(kills):
        command = [sys.executable, "-m", "tests.faults.small_runs", str(recipe), str(run)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            process.stdout.readline()
            time.sleep(numbers.uniform(0, seconds))
            process.kill()
    run_here(recipe, run)
    return differences(run, expected)


def held(run):
    """Holds a run before its last stage, so that it is at work however late a random moment of it is met."""
    return Hold(LAST, 0, run.with_name(f"{run.name}-released"))


def stopped(recipe, run, expected, numbers, by, records):
    """A run by the command itself, its driver sent the signal `by` after a random number of records; what is wrong."""
    driver = held(run).start("run", recipe, "--to", run)
    wait_for_records(run, numbers.randrange(1, records))
    time.sleep(numbers.uniform(0, 0.5))
    driver.send_signal(by)
    code = driver.wait(timeout=300)
    run_here(recipe, run)
    wrong = [] if code else [f"the run ended with 0, though it was sent {by.name}"]
    return wrong + differences(run, expected)


def worker_killed(recipe, run, expected, numbers, records):
    """A run by the command itself, one of its workers killed at its work; what is wrong in the end."""
    hold = held(run)
    driver = hold.start("run", recipe, "--to", run)
    wait_for_records(run, numbers.randrange(1, records))
    kill_worker_of(driver.pid)
    hold.released.touch()
    if code := driver.wait(timeout=600):
        return [f"the run ended with {code}, and did not go on with another worker"]
    return differences(run, expected)


def control_process_killed(recipe, folder):
    """A run whose Ray loses its control process as it starts; what is wrong with how it ends. Ray waits for 30 s."""
    command = [sys.executable, "-m", "tests.faults.without_control", "run", recipe, "--until", "ingest", "--to", folder]
    # Ray's sockets need a short path.
    with tempfile.TemporaryDirectory() as short:
        environment = {**os.environ, "RAY_TMPDIR": short, "RAY_ADDRESS": "local"}
        done = subprocess.run(
            command, stderr=subprocess.PIPE, text=True, env=environment, cwd=REPOSITORY, check=False, timeout=300
        )
    told = done.stderr
    errors = [line for line in told.splitlines() if "error" in line]
    meant = len(errors) == 1 and "Ray does not start on this machine (" in told and "same command again" in told
    return [] if meant and done.returncode == 1 else [f"the run ended with {done.returncode} and said: {told}"]


@contextmanager
def refusing_disk(call, number, code):
    """Let the n-th `fsync` or `replace` in this process, and all after it, end with this error of the disk."""
    calls = 0
    before = {"fsync": os.fsync, "replace": Path.replace}

    def counted(*arguments):
        nonlocal calls
        calls += 1
        if calls >= number:
            raise OSError(code, os.strerror(code))
        return before[call](*arguments)

    owner = {"fsync": os, "replace": Path}[call]
    setattr(owner, call, counted)
    try:
        yield
    finally:
        setattr(owner, call, before[call])


def disk_refuses(recipe, run, expected, numbers):
    """A run whose disk refuses from a random write on; what is wrong when the disk takes writes again."""
    writes = sum(1 for path in (recipe.parent / "undisturbed").rglob("*") if path.is_file())
    code, call = numbers.choice(DISK_ERRORS), numbers.choice(("fsync", "replace"))
    what = f"{errno.errorcode[code]} at {call}"
    with refusing_disk(call, numbers.randrange(1, writes), code):
        try:
            run_here(recipe, run)
            return [f"{what}: the run said nothing"]
        except StorageError as error:
            if str(run) not in str(error):
                return [f"{what}: the sentence does not name the folder: {error}"]
    if left := [path.name for path in run.rglob("*.tmp")]:
        return [f"{what}: {left} is left behind"]
    run_here(recipe, run)
    return [f"{what}: {sentence}" for sentence in differences(run, expected)]


def numbers_of(seed, what):
    """Random numbers of their own for one kind of interruption."""
    return random.Random(f"{seed} {what}")


def full_disk(recipe, disk, expected, kibibytes):
    """A run on a disk of so many KiB, which is too few, and then of more; what is wrong in the end.

    `disk` is a tmpfs, as `small_disk` mounts it.
    """
    run = disk / "run"
    _resize(disk, kibibytes)
    try:
        run_here(recipe, run)
        return [f"a run fits into {kibibytes} KiB"]
    except StorageError as error:
        if "disk is full" not in str(error):
            return [f"{kibibytes} KiB: {error}"]
    _resize(disk, 1 << 20)
    run_here(recipe, run)
    wrong = [f"{kibibytes} KiB: {sentence}" for sentence in differences(run, expected)]
    # A disk does not get smaller than what lies on it.
    shutil.rmtree(run)
    return wrong


@contextmanager
def small_disk(folder):
    """A disk of its own at `folder`, or None where this user may mount none."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "none", folder], capture_output=True, check=False)
    if mounted.returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def _resize(disk, kibibytes):
    subprocess.run(["mount", "-o", f"remount,size={kibibytes}k", disk], check=True)
