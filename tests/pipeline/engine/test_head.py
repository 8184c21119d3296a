"""A cluster that goes away is told within seconds; one that comes back meanwhile is not."""

import socket
from contextlib import closing

import pytest

from sayso.pipeline.engine import head
from sayso.pipeline.engine.head import ClusterGone, Head


@pytest.fixture
def raylet(tmp_path):
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(tmp_path / "raylet"))
        server.listen()
        yield str(tmp_path / "raylet")


@pytest.fixture
def port():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(head, "PATIENCE", 1.5)


def test_a_cluster_that_is_there_is_none_of_its_business(raylet, port):
    Head(f"127.0.0.1:{port}", raylet).check(at_once=True)


def test_a_head_that_is_gone_is_named_with_what_to_do(raylet):
    told = "^the head of the Ray cluster at 127.0.0.1:1 does not answer any more; what was finished is safe: start the"
    with pytest.raises(ClusterGone, match=told):
        Head("127.0.0.1:1", raylet).check(at_once=True)


def test_a_machine_whose_own_ray_has_ended_is_told_as_that(port, tmp_path):
    with pytest.raises(ClusterGone, match=r"^the Ray of this machine has ended; "):
        Head(f"127.0.0.1:{port}", str(tmp_path / "nothing")).check(at_once=True)


def test_nobody_looks_all_the_time(monkeypatch):
    monkeypatch.setattr(head, "EVERY", 600.0)
    Head("127.0.0.1:1", "nothing").check(at_once=False)


def test_a_head_that_is_started_again_soon_is_gone_on_with(raylet, monkeypatch):
    monkeypatch.setattr(head, "PATIENCE", 600.0)
    waited = []
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))

        def wait(seconds):
            waited.append(seconds)
            server.listen()

        monkeypatch.setattr(head.time, "sleep", wait)
        Head(f"127.0.0.1:{server.getsockname()[1]}", raylet).check(at_once=True)
    assert waited
