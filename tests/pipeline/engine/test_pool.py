"""Workers of text that stand where speech is to begin go first; one stays, without which nothing would be sampled."""

import time

import pytest

from sayso.pipeline.engine import machines, pool
from sayso.pipeline.engine.door import Installed, Introduction
from sayso.pipeline.engine.machines import Machines, WorkerKind
from sayso.pipeline.engine.pool import WorkerPool, all_at_once
from sayso.pipeline.engine.workers import Worker
from sayso.pipeline.resources import Resources

RESOURCES = Resources(speech={"gpus": 1, "cpus": 2})
TEXT, SPEECH = WorkerKind.of("text", RESOURCES), WorkerKind.of("speech", RESOURCES)


class Started:
    """A pool of text, every worker of which has started; `ended` are the actors that were ended."""

    def __init__(self, monkeypatch, **cpus):
        nodes = [
            {"NodeID": name, "Alive": True, "Resources": {"CPU": count, "GPU": 1}, "Labels": {"ray.io/node-id": name}}
            for name, count in cpus.items()
        ]
        self.ended = []
        monkeypatch.setattr(machines.ray, "nodes", lambda: nodes)
        monkeypatch.setattr(pool.ray, "kill", self.ended.append)
        there = Machines()
        self.pool = WorkerPool(TEXT, there, all_at_once(TEXT, there), Installed.here("text"), False)
        for name, count in cpus.items():
            for number in range(count):
                place = Introduction("host", number, name, None)
                self.pool.workers.append(Worker(f"{name}-{number}", place, free_since=time.monotonic()))

    def fit(self, jobs, free=None):
        return self.pool.fit(jobs, self.pool.workers[:] if free is None else free, "run", None)


@pytest.fixture
def started(monkeypatch):
    return lambda **cpus: Started(monkeypatch, **cpus)


def test_all_stay_while_there_is_no_speech(started):
    text = started(a=4)
    assert text.fit(jobs=0) == []


def test_on_each_machine_as_many_go_as_speech_needs_processors(started):
    text = started(a=4, b=3)
    text.pool.leave_room_for(SPEECH)
    text.fit(jobs=100)
    assert text.ended == ["a-0", "a-1", "b-0", "b-1"]


def test_workers_at_a_job_go_when_they_have_done_it(started):
    text = started(a=4)
    text.pool.leave_room_for(SPEECH)
    *busy, free = text.pool.workers
    assert text.fit(jobs=100, free=[free]) == [free]
    assert text.fit(jobs=100, free=busy[:1]) == busy[:1]
    assert text.fit(jobs=100, free=busy[1:]) == []


def test_one_stays_where_there_is_room_for_speech_alone_until_there_is_nothing_left_for_it(started):
    text = started(a=2)
    text.pool.leave_room_for(SPEECH)
    text.fit(jobs=100)
    assert text.ended == ["a-0"]
    text.fit(jobs=0)
    assert text.ended == ["a-0", "a-1"]
