"""A head of a Ray cluster as `ray start` makes it, for tests of what people type; slow, so not in every test run."""

import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psutil
import pytest

from tests.cluster.slow import ASKED, WHY_SLOW
from tests.docs.page import COMMANDS

SLOW = pytest.mark.skipif(ASKED not in os.environ, reason=WHY_SLOW)


@dataclass(frozen=True)
class StartedHead:
    """The ports of a head, its process, and the environment of whoever may talk to it."""

    port: int
    dashboard: int
    process: psutil.Process
    environment: dict[str, str]

    def kill(self, name: str) -> None:
        """Kill a part of it, such as gcs_server."""
        [part] = [one for one in self.process.children(recursive=True) if one.name() == name]
        part.kill()


@contextmanager
def started_head(*options: str, port: int = 0) -> Iterator[StartedHead]:
    """A head with one processor that asks for a token, until the block ends."""
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    port, dashboard = port or free_port(), free_port()
    # Its sockets want a short path.
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as files:
        home = {"HOME": files, "PATH": f"{COMMANDS}:{os.environ['PATH']}"}
        environment = {**os.environ, **token, **home, "RAY_ADDRESS": f"127.0.0.1:{port}"}
        command = ["ray", "start", "--head", "--block", "--num-cpus=1", "--disable-usage-stats", f"--temp-dir={files}"]
        ports = [f"--port={port}", f"--dashboard-port={dashboard}"]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen([*command, *ports, *options], env=environment, **silent) as process:
            started = StartedHead(port, dashboard, psutil.Process(process.pid), environment)
            _wait_for(dashboard if "--include-dashboard=true" in options else port, process)
            yield started
            below = started.process.children(recursive=True)
            process.terminate()
            for one in psutil.wait_procs(below, timeout=10)[1]:
                one.kill()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return server.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with closing(socket.socket()) as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None and time.monotonic() < deadline, "Ray does not start"
        time.sleep(0.2)
