"""Text and speech on a cluster with GPUs: who works where, and for how long a GPU is held."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

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
DEADLINE = 60


@dataclass(frozen=True)
class NotingJob(MadeUpJob):
    """A job that notes on which machine it is, and how many GPUs nobody holds meanwhile; it ends once `free` are."""

    free: float = 0

    def outcome(self, ledger):
        place, began = Path(ledger.storage.root, self.key.shard), time.monotonic()
        while (left := ray.available_resources().get("GPU", 0)) < self.free and time.monotonic() - began < DEADLINE:
            time.sleep(0.1)
        place.write_text(f"{ray.get_runtime_context().get_node_id()} {left:g}")
        return super().outcome(ledger)


# Workers import what is installed, and the jobs of a test are not.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])


@pytest.fixture(scope="module")
def nodes():
    """A cluster of three machines: the head, which does no work, one with two processors, and one with two GPUs."""
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **QUIET})
    started.text = started.add_node(num_cpus=2, labels={"pool": "text"})
    started.speech = started.add_node(num_cpus=4, num_gpus=2)
    yield started
    ray.shutdown()
    started.shutdown()


def carried_out(engine, folder, jobs, pool):
    """Of each job the machine that it was on and the GPUs that were free; and what was told."""
    answers = list(engine.run(Ledger(str(folder)), jobs, pool))
    done = [answer.key.shard for answer in answers if isinstance(answer, Record)]
    assert sorted(done) == sorted(job.key.shard for job in jobs)
    noted = {shard: (folder / shard).read_text().split() for shard in done}
    return noted, [str(answer) for answer in answers if isinstance(answer, Stalled)]


def test_text_leaves_the_gpus_alone_and_speech_gives_each_back_when_no_job_is_left_for_it(nodes, tmp_path):
    with Engine(Resources(speech={"gpus": 1}), nodes.address) as engine:
        # More than its machine has room for at a time: none of them goes to the other one.
        noted, told = carried_out(
            engine, tmp_path, [NotingJob(key(f"text-{n}"), seconds=0.3) for n in range(6)], "text"
        )
        assert {tuple(found) for found in noted.values()} == {(nodes.text.node_id, "2")}
        assert told == []
        # The second one ends only when the GPU of the first is free.
        jobs = [NotingJob(key("short")), NotingJob(key("long"), free=1)]
        noted, _ = carried_out(engine, tmp_path, jobs, "speech")
        assert {machine for machine, _ in noted.values()} == {nodes.speech.node_id}
        assert noted["long"][1] == "1"
        # What comes after it holds none, though the speech of a run may be said anew.
        noted, _ = carried_out(engine, tmp_path, [NotingJob(key("mix"), free=2)], "text")
        assert noted["mix"] == [nodes.text.node_id, "2"]


def test_a_label_selects_machines_and_one_that_no_machine_has_is_told_with_those_there_are(nodes, tmp_path):
    with Engine(Resources(text={"label": {"pool": "!text"}}), nodes.address) as engine:
        noted, _ = carried_out(engine, tmp_path, [NotingJob(key("a"))], "text")
        assert noted["a"][0] == nodes.speech.node_id
    with Engine(Resources(text={"label": {"pool": "txet"}}), nodes.address) as engine:
        told = next(engine.run(Ledger(str(tmp_path)), [NotingJob(key("b"))], "text"))
    fault = "no machine has the label pool=txet; the labels there are: pool=text"
    assert str(told) == f"workers of resources.text wait for a machine: {fault}"
