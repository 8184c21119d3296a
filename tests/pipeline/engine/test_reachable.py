"""Where nobody speaks Ray, a sentence says so within seconds, before Ray is asked to work there."""

import re
import socket
import threading
from contextlib import closing, contextmanager

import pytest
import ray

from sayso.pipeline.engine import reachable
from sayso.pipeline.engine.engine import Engine, NoCluster
from sayso.pipeline.engine.reachable import fault_of_address
from sayso.pipeline.resources import Resources
from tests.runs import sayso_here

# Seconds that an answer may take which is there as soon as somebody has the time to give it.
PATIENCE = 60.0
# By the limit of the connection, or by that of all together where both were over when somebody looked.
NOBODY = r"nobody answers there within (0|1)\.5 s"


@contextmanager
def listening(answer=None):
    """The address of a server that says this to whoever connects, or nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                if answer:
                    connection.sendall(answer)
                connection.recv(1 << 10)
                connection.recv(1 << 10)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1:1", "nobody answers there: Connection refused"),
        ("no-such-host.invalid:6379", "no machine is known by the name no-such-host.invalid"),
        ("127.0.0.1", "that is no address, which is HOST:PORT"),
        ("127.0.0.1:port", "that is no address"),
        ("127.0.0.1:99999", "that is no address"),
        ("my cluster", "that is no address"),
        ("", "that is no address"),
    ],
)
def test_where_nobody_can_be_the_engine_says_so_before_ray_waits_for_minutes(address, told, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", nobody_by_the_name_of("no-such-host.invalid"))
    monkeypatch.setattr(ray, "init", lambda **_: pytest.fail("Ray is asked"))
    with pytest.raises(NoCluster) as error, Engine(Resources(), address) as engine:
        engine._start()
    assert str(error.value).startswith(f"Ray cannot work at {address!r} ({told}")
    assert str(error.value).endswith("); check --address and RAY_ADDRESS, or take --address local")
    assert not ray.is_initialized()


def nobody_by_the_name_of(unknown):
    """What looks up names, but that one at once: whoever is asked for it may take longer than the test."""
    look_up = socket.getaddrinfo

    def found(host, *where):
        if host == unknown:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *where)

    return found


def test_a_name_that_nobody_answers_for_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(reachable, "SECONDS", 0.1)
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: answered.wait(60) and [])
    assert fault_of_address("slow.example:6379") == "nobody answers there within 0.3 s"
    answered.set()


def test_what_speaks_something_else_or_nothing_is_no_ray(monkeypatch):
    monkeypatch.setattr(reachable, "SECONDS", PATIENCE)
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as address:
        assert fault_of_address(address) == "what answers there is no Ray"
    monkeypatch.setattr(reachable, "SECONDS", 0.5)
    with listening(b"SSH-2.0") as address:
        assert re.fullmatch(NOBODY, fault_of_address(address))
    with listening() as address:
        assert re.fullmatch(NOBODY, fault_of_address(address))


SETTINGS = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
ACKNOWLEDGED = bytes([0, 0, 0, 4, 1, 0, 0, 0, 0])


def headers(content, flags=0x4):
    return bytes([0, 0, len(content), 1, flags, 0, 0, 0, 1]) + content


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        # What HTTP/2 has for the status 404 and 200; before it the size of a table, or padding.
        (headers(b"\x8d"), "what answers there is no Ray"),
        (headers(b"\x3f\xe1\x1f\x8d"), "what answers there is no Ray"),
        (headers(b"\x00\x8d", 0xC), "what answers there is no Ray"),
        (b"", NOBODY),
        (headers(b"\x88"), None),
        (headers(b"\x3f\xe1\x1f\x88"), None),
        (headers(b"\x20\x88"), None),
    ],
)
def test_a_web_server_is_no_ray_though_both_speak_http_2(answer, told, monkeypatch):
    monkeypatch.setattr(reachable, "SECONDS", PATIENCE if answer else 0.5)
    with listening(SETTINGS + ACKNOWLEDGED + answer) as address:
        found = fault_of_address(address)
    assert re.fullmatch(told, found) if told else found is None


def test_what_only_ray_understands_is_left_to_ray():
    assert fault_of_address("auto") is None


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ray://head.example:10001", "ray:// is for programs outside of the cluster; run the command on a machine of"),
        ("ray://[::1", "--address http://HEAD:8265"),
        ("other://", "other:// is for programs outside of the cluster"),
        ("http://head.example:8265", "http:// is where jobs are handed in"),
    ],
)
@pytest.mark.parametrize("way", ["--address", "RAY_ADDRESS"])
def test_where_no_run_can_work_the_command_says_so_before_it_does_anything(way, address, told, tmp_path, monkeypatch):
    if way == "RAY_ADDRESS":
        monkeypatch.setenv(way, address)
    options = [way, address] if way == "--address" else []
    said = " ".join(sayso_here("run", "demo", "--to", tmp_path / "run", *options, code=1).output.split())
    assert said.startswith(f"error: sayso cannot work at {address!r}, by --address or RAY_ADDRESS: ")
    assert told in said
    assert "hand it in as a job: ray job submit --address http://" in said
    assert list(tmp_path.iterdir()) == []


def test_a_cluster_of_another_ray_is_told_with_both_versions(ray_cluster, monkeypatch):
    assert fault_of_address(ray_cluster) is None
    monkeypatch.setattr(ray, "__version__", "1.2.3")
    with pytest.raises(NoCluster, match=r"Version mismatch.*Ray: [2-9].*Ray: 1\.2\.3.*; check --address"):
        Engine(Resources(), ray_cluster)._start()
