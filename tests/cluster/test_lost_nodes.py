"""Machines of a cluster that are lost, freeze or come in the midst of a run: every job is done, and none twice."""

import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import ray
from ray.cluster_utils import Cluster

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record
from sayso.pipeline.engine.engine import Engine, Stalled
from sayso.pipeline.recipe import Resources
from tests.pipeline.engine.test_engine import MadeUpJob, key

QUIET = {"include_dashboard": False, "object_store_memory": 80 << 20}


@dataclass(frozen=True)
class NotingJob(MadeUpJob):
    """A job that takes a while and notes on which machine it was done, as a file in the run's folder."""

    def outcome(self, ledger):
        done = super().outcome(ledger)
        Path(ledger.storage.root, f"on-{ray.get_runtime_context().get_node_id()}").touch()
        return done


# Workers import what is installed, and the jobs of a test are not.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
# Some are at work when something happens to their machine, and more wait.
JOBS = [NotingJob(key(f"{number}"), seconds=1.5) for number in range(6)]


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


def carried_out(nodes, folder, jobs, happens):
    """The shards that were done and what was told, when `happens` is called after the first."""
    done, told = Counter(), []
    with Engine(Resources(workers=2, stall_seconds=60, silent_seconds=3), nodes.address) as engine:
        for answer in engine.run(Ledger(str(folder)), jobs, 0):
            if isinstance(answer, Record):
                done[answer.key.shard] += 1
            elif isinstance(answer, Stalled):
                told.append(str(answer))
            if done.total() == 1 and happens:
                happens()
                happens = None
    return done, told


def freeze(node):
    """Stop all that does the work of a node: its raylet, and the workers below that."""
    raylet = psutil.Process(node.all_processes["raylet"][0].process.pid)
    for process in [raylet, *raylet.children(recursive=True)]:
        process.suspend()


def test_the_jobs_of_a_machine_that_is_lost_are_done_by_the_others(nodes, tmp_path):
    lost = nodes.add_node(num_cpus=1)
    done, told = carried_out(nodes, tmp_path, JOBS, lambda: nodes.remove_node(lost, allow_graceful=False))
    assert done == dict.fromkeys("012345", 1)
    assert any(line.endswith("died; another worker does it") for line in told)


def test_the_jobs_of_a_machine_that_freezes_are_done_by_the_others(nodes, tmp_path):
    frozen = nodes.add_node(num_cpus=1)
    done, told = carried_out(nodes, tmp_path, JOBS, lambda: freeze(frozen))
    nodes.remove_node(frozen, allow_graceful=False)
    assert done == dict.fromkeys("012345", 1)
    assert any(line.endswith("gave no sign of life for 3 s; another worker does it") for line in told)


def test_a_worker_that_is_stopped_is_ended_and_leaves_its_room_to_another(nodes, tmp_path):
    jobs = [StoppingJob(key("a")), NotingJob(key("b"))]
    done, told = carried_out(nodes, tmp_path, jobs, None)
    assert done == {"a": 1, "b": 1}
    stopped = (tmp_path / "stopped").read_text()
    assert f"test/a: process {stopped} on {os.uname().nodename} gave no sign of life for 3 s" in told[0]
    assert not psutil.pid_exists(int(stopped))


def test_a_machine_that_comes_later_takes_part(nodes, tmp_path):
    done, _ = carried_out(nodes, tmp_path, JOBS, lambda: nodes.add_node(num_cpus=1))
    assert done == dict.fromkeys("012345", 1)
    assert len(list(tmp_path.glob("on-*"))) == 2
