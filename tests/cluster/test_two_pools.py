"""Two pools of a cluster at the same time: speech begins while text goes on, on processors that text leaves to it."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import ray
from ray.cluster_utils import Cluster

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record, ShardKey
from sayso.pipeline.engine.engine import Engine
from sayso.pipeline.engine.queue import JobQueue
from sayso.pipeline.resources import Resources
from tests.pipeline.engine.test_engine import MadeUpJob

DEADLINE = 120


@dataclass(frozen=True)
class WaitingJob(MadeUpJob):
    """A job that tells that it is at work by a file of its shard's name, and ends once there is another one."""

    waits_for: str = ""

    def outcome(self, ledger):
        folder, deadline = Path(ledger.storage.root), time.monotonic() + DEADLINE
        Path(folder, f"began-{self.key.shard}").touch()
        while self.waits_for and not Path(folder, f"began-{self.waits_for}").exists():
            assert time.monotonic() < deadline, f"{self.waits_for} does not begin"
            time.sleep(0.05)
        return super().outcome(ledger)


# Workers import what is installed, and the jobs of a test are not.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])


def job(stage, shard, **what):
    return WaitingJob(ShardKey(stage=stage, shard=shard, fingerprint="f", input="i"), **what)


@pytest.fixture(scope="module")
def address():
    """A cluster of one machine, of two processors and what passes for a GPU."""
    quiet = {"include_dashboard": False, "object_store_memory": 80 << 20}
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "num_gpus": 1, **quiet})
    yield started.address
    ray.shutdown()
    started.shutdown()


def worked_off(engine, ledger, texts, follow):
    """The stage and shard of each job as it was done; `follow` gives those that follow from a record of text."""
    text = JobQueue("text", texts)
    speech = JobQueue("speech", follows=text)
    done = []
    for answer in engine.work_off(ledger, [text, speech]):
        assert isinstance(answer, Record), answer
        done.append((answer.key.stage, answer.key.shard))
        if answer.key.stage == "sample":
            speech.add(follow(answer.key.shard))
    assert text.is_over
    assert speech.is_over
    return done


def test_speech_begins_while_text_goes_on_and_is_done_to_the_end(address, tmp_path):
    texts = [job("sample", "1"), job("sample", "2", waits_for="spoken-1"), job("sample", "3", waits_for="spoken-1")]
    with Engine(Resources(speech={"gpus": 1}), address) as engine:
        ledger = Ledger(str(tmp_path))
        # As after any stage before, text has all processors.
        list(engine.run(ledger, [job("screen", "a"), job("screen", "b")], "text"))
        # No text but the first ends before something is said.
        done = worked_off(engine, ledger, texts, lambda shard: [job("synthesize", f"spoken-{shard}")])
    assert sorted(done) == [(stage, f"{name}{n}") for stage, name in NAMES for n in "123"]


NAMES = (("sample", ""), ("synthesize", "spoken-"))


def test_who_speaks_on_processors_takes_turns_with_text(address, tmp_path):
    with Engine(Resources(speech={"gpus": 0, "cpus": 2}), address) as engine:
        texts = [job("sample", shard) for shard in "123"]
        done = worked_off(engine, Ledger(str(tmp_path)), texts, lambda shard: [job("synthesize", f"spoken-{shard}")])
    assert [stage for stage, _ in done] == ["sample"] * 3 + ["synthesize"] * 3
