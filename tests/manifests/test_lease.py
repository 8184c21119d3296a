"""One driver at a time works in a run's folder; who is dead, or gives no sign of life, loses it and stops."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path

import polars as pl
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from sayso.manifests.lease import FolderInUse, Lease, LeaseLost, check_claim, this_process
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.manifests.run_plan import RunPlan
from sayso.manifests.storage import Storage

# Seconds for which a test waits where nobody is alive, and for which it might where somebody is.
SHORT, LONG = 0.4, 60.0
HERE = this_process()
THERE = HERE.model_copy(update={"host": "there", "machine": "another kernel"})

HOLD = """
import sys
from sayso.manifests.lease import Lease, this_process
from sayso.manifests.storage import Storage
with Lease(Storage(sys.argv[1]), this_process(), print, every=0.05):
    print("held", flush=True)
    sys.stdin.read()
"""


def lease(place, holder=HERE, told=lambda _: None, every=0.05, expires=LONG):
    return Lease(Storage(str(place)), holder, told, every, expires)


@pytest.fixture(params=["disk", "store"])
def place(request, tmp_path, monkeypatch):
    create, one_at_a_time = MemoryFileSystem.pipe_file, threading.Lock()

    def create_alone(store, *arguments, **options):
        with one_at_a_time:
            create(store, *arguments, **options)

    # It looks first and writes then, and a store with conditions does both at once.
    monkeypatch.setattr(MemoryFileSystem, "pipe_file", create_alone)
    return tmp_path / "run" if request.param == "disk" else f"memory://{tmp_path.name}/run"


@pytest.fixture
def other_process(tmp_path):
    """A process of this machine that holds the lease of `tmp_path`."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], **pipes, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def stop(process):
    """Returns when the process has stopped."""
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)


def leases(place):
    return [name for name in Storage(str(place)).names("") if name.startswith("lease-")]


def test_a_lease_is_there_while_its_driver_works_and_gone_after(place):
    with lease(place) as claim:
        assert leases(place) == ["lease-000001.json"]
        check_claim(Storage(str(place)), claim)
    assert leases(place) == []


def test_a_sign_of_life_that_is_on_its_way_to_a_store_leaves_no_lease_behind(tmp_path, monkeypatch):
    rewrite, beating, leaving = Storage.rewrite, threading.Event(), threading.Event()

    def rewrite_late(*arguments):
        beating.set()
        leaving.wait(LONG)
        time.sleep(0.2)
        rewrite(*arguments)

    monkeypatch.setattr(Storage, "rewrite", rewrite_late)
    with lease(f"memory://{tmp_path.name}/run"):
        assert beating.wait(LONG)
        leaving.set()
    time.sleep(0.4)
    assert leases(f"memory://{tmp_path.name}/run") == []


def test_a_second_driver_is_told_host_process_since_when_and_when_the_lease_expires(place):
    with lease(place, THERE), pytest.raises(FolderInUse) as told, lease(place):
        pass
    assert str(told.value).endswith(
        f"is in use since {THERE.since} by process {os.getpid()} on there, whose lease expires 60 s after its last "
        "sign of life: wait for it, stop it there, or choose another folder with --to"
    )
    assert leases(place) == []


def test_a_second_driver_on_one_machine_need_not_wait_to_be_told(other_process, tmp_path):
    said = []
    with pytest.raises(FolderInUse, match=f"by process {other_process.pid} on "), lease(tmp_path, told=said.append):
        pass
    assert said == []


def test_the_lease_of_a_killed_process_is_free_at_once(other_process, tmp_path):
    other_process.kill()
    other_process.wait()
    said = []
    with lease(tmp_path, told=said.append):
        assert leases(tmp_path) == ["lease-000002.json"]
    assert said == []
    assert leases(tmp_path) == []


def test_a_later_process_of_the_same_id_is_not_taken_for_the_holder(tmp_path):
    earlier = HERE.model_copy(update={"started": "1"})
    with ExitStack() as crashed:
        crashed.enter_context(lease(tmp_path, earlier))
        with lease(tmp_path):
            assert leases(tmp_path) == ["lease-000002.json"]


def test_a_stopped_driver_is_waited_for_and_after_it_goes_on_it_writes_nothing(other_process, tmp_path):
    stop(other_process)
    said = []
    with lease(tmp_path, told=said.append, expires=SHORT) as claim:
        assert said[0].endswith("without a sign of life from there this run goes on in 0.4 s")
        other_process.send_signal(signal.SIGCONT)
        other_process.communicate("")
        assert leases(tmp_path) == ["lease-000002.json"]
        check_claim(Storage(str(tmp_path)), claim)


def test_a_stopped_driver_that_wakes_up_in_time_keeps_its_lease(other_process, tmp_path):
    stop(other_process)
    wake_up = f"sleep 0.3; kill -CONT {other_process.pid}"
    with subprocess.Popen(["sh", "-c", wake_up]), pytest.raises(FolderInUse), lease(tmp_path):
        pass


def test_whoever_lost_the_lease_is_told_by_whom_and_commits_nothing(place):
    with ExitStack() as both:
        claim = both.enter_context(lease(place, THERE, every=600.0))
        both.enter_context(lease(place, expires=SHORT))
        ledger = Ledger(str(place), claim)
        key = ShardKey(stage="survey", shard="a", fingerprint="f", input="i")
        table = pl.DataFrame({"id": ["x"]})
        for write in (
            lambda: ledger.commit_table(key, table, {}, 0.0),
            lambda: ledger.write_plan(RunPlan(name="mine")),
        ):
            with pytest.raises(LeaseLost, match=f"was taken over by process {os.getpid()} on {HERE.host}"):
                write()
        assert ledger.storage.names("work/survey") == []
        assert ledger.storage.size("plan.json") is None


def test_of_many_drivers_at_once_one_gets_the_folder(place):
    together, done = threading.Barrier(6), threading.Event()

    def drive(number):
        together.wait()
        try:
            with lease(place, THERE.model_copy(update={"machine": str(number)})):
                return done.wait(LONG)
        except FolderInUse as error:
            return str(error)

    with ThreadPoolExecutor(6) as drivers:
        driving = [drivers.submit(drive, number) for number in range(6)]
        told = [found.result() for found in itertools.islice(as_completed(driving), 5)]
        assert leases(place) == ["lease-000001.json"]
        done.set()
    assert len(set(told)) == 1
    assert " by process " in told[0]


def test_an_unreadable_lease_is_waited_for_and_then_gone_over(tmp_path):
    (tmp_path / "lease-000007.json").write_bytes(b"{")
    with lease(tmp_path, expires=SHORT):
        assert leases(tmp_path) == ["lease-000008.json"]


def test_on_a_disk_without_links_one_is_first_as_well(tmp_path, monkeypatch):
    def link(*_):
        raise PermissionError(1, "links are not known here")

    monkeypatch.setattr(os, "link", link)
    storage = Storage(str(tmp_path))
    assert [storage.create("plan.json", content) for content in (b"first", b"second")] == [True, False]
    assert storage.read("plan.json") == b"first"
    assert [path.name for path in Path(tmp_path).iterdir()] == ["plan.json"]
