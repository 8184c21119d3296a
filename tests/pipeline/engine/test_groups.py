"""Tiny jobs go out several at a time; each of them is still done, told and failed by itself."""

import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import ray

from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record, ShardKey
from sayso.pipeline.engine.dispatch import Stalled
from sayso.pipeline.engine.engine import Engine
from sayso.pipeline.engine.groups import MOST, SECONDS, GroupSize, carry_out_group
from sayso.pipeline.engine.task import JobFailed
from sayso.pipeline.resources import Resources
from tests.pipeline.engine.test_engine import MadeUpJob


def key(shard):
    return ShardKey(stage="test", shard=shard, fingerprint="f", input="i")


def job(shard, **what):
    return MadeUpJob(key(shard), **what)


def group(*jobs):
    return [(one, ()) for one in jobs]


def shards(records):
    return [record.key.shard for record in records]


@dataclass(frozen=True)
class CountedJob(MadeUpJob):
    """A job that writes down each time that it is begun, and finds damage, or ends its process the first time."""

    damaged: bool = False
    is_deadly: bool = False

    def outcome(self, ledger):
        began = Path(ledger.storage.root, f"{self.key.shard}.began")
        times = len(began.read_text()) if began.exists() else 0
        began.write_text("x" * (times + 1))
        if self.damaged:
            raise DamagedShard("before", self.key.shard, "rows.parquet", "is missing")
        if self.is_deadly and not times:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().outcome(ledger)


# Workers import what is installed, and the jobs of a test are not.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])


def begun(folder):
    return {file.stem: len(file.read_text()) for file in folder.glob("*.began")}


def test_a_worker_gets_as_many_jobs_as_the_last_ones_say_fit_into_the_time():
    size = GroupSize()
    assert size.next(waiting=1_000, workers=1) == 1, "nobody knows yet how long they take"
    size.took(1, SECONDS / 10)
    assert size.next(waiting=1_000, workers=1) == 10
    size.took(10, 4 * SECONDS)
    assert size.next(waiting=1_000, workers=1) == 2
    size.took(2, 100 * SECONDS)
    assert size.next(waiting=1_000, workers=1) == 1
    size.took(1, 0)
    assert size.next(waiting=1_000, workers=1) == MOST


def test_no_worker_gets_so_many_that_others_have_none():
    size = GroupSize()
    size.took(10, 0)
    assert size.next(waiting=40, workers=4) == 5
    assert size.next(waiting=3, workers=4) == 1


def test_a_group_is_done_in_turn_and_left_when_its_time_is_over(tmp_path, monkeypatch):
    jobs = [job("a"), job("b"), job("c", seconds=0.05), job("d")]
    monkeypatch.setattr("sayso.pipeline.engine.groups.SECONDS", 600)
    assert shards(carry_out_group(Ledger(str(tmp_path)), group(*jobs))) == ["a", "b", "c", "d"]
    monkeypatch.setattr("sayso.pipeline.engine.groups.SECONDS", 0.04)
    assert shards(carry_out_group(Ledger(str(tmp_path)), group(*jobs[2:]))) == ["c"]


def test_a_job_that_raises_ends_its_group_and_raises_when_it_is_the_first(tmp_path):
    ledger, jobs = Ledger(str(tmp_path)), [job("a"), job("bad", raises="no such luck"), job("c")]
    assert shards(carry_out_group(ledger, group(*jobs))) == ["a"]
    with pytest.raises(ValueError, match="no such luck"):
        carry_out_group(ledger, group(*jobs[1:]))
    assert ledger.find_record("test", "c") is None


@pytest.fixture(scope="module")
def engine():
    with Engine(Resources(text={"workers": 1}), None) as engine:
        yield engine


def test_of_a_group_whose_worker_dies_only_the_job_that_it_was_at_is_told_and_none_is_done_twice(engine, tmp_path):
    jobs = [CountedJob(key(f"{number:02}"), is_deadly=number == 17) for number in range(40)]
    answers = list(engine.run(Ledger(str(tmp_path)), jobs, "text"))
    done = Counter(answer.key.shard for answer in answers if isinstance(answer, Record))
    assert done == dict.fromkeys((one.key.shard for one in jobs), 1)
    assert begun(tmp_path) == {shard: 1 + (shard == "17") for shard in done}
    (told,) = [str(answer) for answer in answers if isinstance(answer, Stalled)]
    assert told.startswith("test/17: process ")
    assert told.endswith("died; another worker does it")


def test_a_job_that_finds_damage_among_others_is_told_and_they_are_done(engine, tmp_path):
    jobs = [CountedJob(key(f"{number:02}"), damaged=number in (9, 10)) for number in range(20)]
    answers = list(engine.run(Ledger(str(tmp_path)), jobs, "text"))
    assert [answer.shard for answer in answers if isinstance(answer, DamagedShard)] == ["09", "10"]
    assert len(shards(answer for answer in answers if isinstance(answer, Record))) == 18


def test_a_job_that_fails_among_others_is_named_and_those_before_it_are_filed(engine, tmp_path):
    jobs = [job(f"{number:02}", raises="no such luck" if number == 12 else "") for number in range(20)]
    with pytest.raises(JobFailed, match=r"^test/12: ValueError: no such luck$"):
        list(engine.run(Ledger(str(tmp_path)), jobs, "text"))
    assert all(Ledger(str(tmp_path)).find_record("test", f"{number:02}") for number in range(12))
