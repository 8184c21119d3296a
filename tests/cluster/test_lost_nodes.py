"""Machines of a cluster that are lost, freeze or come in the midst of a run: every job is done, and none twice."""

import os
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import ray
from ray.cluster_utils import Cluster

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record
from sayso.pipeline.engine.dispatch import Stalled
from sayso.pipeline.engine.engine import Engine
from sayso.pipeline.resources import Resources
from tests.pipeline.engine.test_engine import MadeUpJob, key

QUIET = {"include_dashboard": False, "object_store_memory": 80 << 20}
# Seconds after which a worker counts as silent: for one that is, and for one of which Ray tells that it has died.
SOON, LATE = 5, 300


@dataclass(frozen=True)
class NotingJob(MadeUpJob):
    """A job that notes on which machine it is at work, as a file in the run's folder, and ends once it may.

    That is when the file `happened` lies there, which names a machine whose jobs go on for good: a worker may outlive
    what happens to its machine by long enough to end its job.
    """

    def outcome(self, ledger):
        folder, here = Path(ledger.storage.root), ray.get_runtime_context().get_node_id()
        Path(folder, f"on-{here}").touch()
        appeared(folder / "happened")
        while Path(folder, "happened").read_text() == here:
            time.sleep(1)
        return super().outcome(ledger)


def appeared(file):
    """Wait until a file is there."""
    while not file.exists():
        time.sleep(0.05)


@dataclass(frozen=True)
class SharedJob(MadeUpJob):
    """A job that ends once two machines are at work on such jobs."""

    def outcome(self, ledger):
        folder, here = Path(ledger.storage.root), ray.get_runtime_context().get_node_id()
        Path(folder, f"shared-by-{here}").touch()
        while len(list(folder.glob("shared-by-*"))) < 2:
            time.sleep(0.05)
        return super().outcome(ledger)


# Workers import what is installed, and the jobs of a test are not.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
JOBS = [NotingJob(key(f"{number}")) for number in range(6)]


@dataclass(frozen=True)
class StoppingJob(MadeUpJob):
    """A job whose process is stopped the first time, and is named in a file then."""

    def outcome(self, ledger):
        stopped = Path(ledger.storage.root, "stopped")
        if not stopped.exists():
            stopped.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGSTOP)
        return super().outcome(ledger)


@pytest.fixture(scope="module")
def nodes():
    """A cluster whose head does no work, with one machine that does."""
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **QUIET})
    started.add_node(num_cpus=1)
    yield started
    ray.shutdown()
    started.shutdown()


def carried_out(nodes, folder, jobs, silent_seconds):
    """The shards that were done and what was told."""
    done, told = Counter(), []
    with Engine(Resources(text={"workers": 2}, silent_seconds=silent_seconds), nodes.address) as engine:
        for answer in engine.run(Ledger(str(folder)), jobs, "text"):
            if isinstance(answer, Record):
                done[answer.key.shard] += 1
            elif isinstance(answer, Stalled):
                told.append(str(answer))
    return done, told


def carried_out_though(nodes, folder, happens, node, silent_seconds):
    """As `carried_out`, while something happens to a machine that is at work and ends it."""

    def happen():
        appeared(folder / f"on-{node.node_id}")
        try:
            happens(node)
        finally:
            (folder / "happens").write_text(node.node_id)
            (folder / "happens").rename(folder / "happened")

    with ThreadPoolExecutor(1) as beside:
        happened = beside.submit(happen)
        done, told = carried_out(nodes, folder, JOBS, silent_seconds)
        happened.result()
    return done, told


def freeze(node):
    """Stop all that does the work of a node: its raylet, and the workers below that."""
    raylet = psutil.Process(node.all_processes["raylet"][0].process.pid)
    for process in [raylet, *raylet.children(recursive=True)]:
        # A worker that nobody needs ends by itself, at any time.
        with suppress(psutil.NoSuchProcess):
            process.suspend()


def test_the_jobs_of_a_machine_that_is_lost_are_done_by_the_others(nodes, tmp_path):
    done, told = carried_out_though(nodes, tmp_path, lose(nodes), nodes.add_node(num_cpus=1), LATE)
    assert done == dict.fromkeys("012345", 1)
    assert any(line.endswith("died; another worker does it") for line in told), told


def lose(nodes):
    return lambda node: nodes.remove_node(node, allow_graceful=False)


def test_the_jobs_of_a_machine_that_freezes_are_done_by_the_others(nodes, tmp_path):
    frozen = nodes.add_node(num_cpus=1)
    done, told = carried_out_though(nodes, tmp_path, freeze, frozen, SOON)
    lose(nodes)(frozen)
    assert done == dict.fromkeys("012345", 1)
    assert any(line.endswith("gave no sign of life for 5 s; another worker does it") for line in told), told


def test_a_worker_that_is_stopped_is_ended_and_leaves_its_room_to_another(nodes, tmp_path):
    (tmp_path / "happened").touch()
    done, told = carried_out(nodes, tmp_path, [StoppingJob(key("a")), NotingJob(key("b"))], SOON)
    assert done == {"a": 1, "b": 1}
    stopped = (tmp_path / "stopped").read_text()
    silence = f"test/a: process {stopped} on {os.uname().nodename} gave no sign of life for 5 s; another worker does it"
    assert silence in told
    with suppress(psutil.NoSuchProcess):
        # Whoever started it may take a while to look after it.
        psutil.Process(int(stopped)).wait(timeout=60)


def test_a_machine_that_comes_later_takes_part(nodes, tmp_path):
    jobs = [NotingJob(key("first"), seconds=0.1), *(SharedJob(key(f"{number}")) for number in range(4))]
    (tmp_path / "happened").touch()
    done = Counter()
    with Engine(Resources(), nodes.address) as engine:
        for record in engine.run(Ledger(str(tmp_path)), jobs, "text"):
            done[record.key.shard] += 1
            if record.key.shard == "first":
                nodes.add_node(num_cpus=1)
    assert done == dict.fromkeys(["first", *"0123"], 1)
