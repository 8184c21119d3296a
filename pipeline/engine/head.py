"""Whether the cluster is there still that a run works on: its head, and the Ray of the driver's own machine."""

from __future__ import annotations

import socket
import time
from typing import Any

import ray

from sayso.manifests.errors import SaysoError

# How often to look, how long to wait for an answer, and how long for a head that is started again. Ray ends a program
# without a word when it has not reached the head for 60 s.
EVERY = 5.0
ANSWER = 3.0
PATIENCE = 30.0


class ClusterGone(SaysoError):
    """Raised when the Ray cluster goes away while a run works on it."""


class Head:
    """Looks, every now and then, whether the head of the cluster and the Ray of this machine take connections."""

    def __init__(self, address: str, raylet: str) -> None:
        """`address`: HOST:PORT of the head. `raylet`: the socket of the Ray that this process belongs to."""
        self._address, self._raylet = address, raylet
        self._looked = time.monotonic()

    @classmethod
    def of_this_ray(cls) -> Head:
        """That of the Ray that this process has started or joined."""
        node: Any = ray._private.worker._global_node
        return cls(ray.get_runtime_context().gcs_address, node.raylet_socket_name)

    def check(self, at_once: bool) -> None:
        """Look, at once or when it is time again. Raises ClusterGone for what stays away for `PATIENCE` s."""
        if not at_once and time.monotonic() - self._looked < EVERY:
            return
        gone = time.monotonic() + PATIENCE
        while missing := self._missing():
            if time.monotonic() > gone:
                raise ClusterGone(
                    f"{missing}; what was finished is safe: start the cluster again, then run the same command again"
                )
            time.sleep(1)
        self._looked = time.monotonic()

    def _missing(self) -> str | None:
        host, _, port = self._address.rpartition(":")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        if not _listens(family, (host.strip("[]"), int(port))):
            return f"the head of the Ray cluster at {self._address} does not answer any more"
        if not _listens(socket.AF_UNIX, self._raylet):
            return "the Ray of this machine has ended"
        return None


def _listens(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as asking:
        asking.settimeout(ANSWER)
        try:
            asking.connect(address)
        except OSError:
            return False
    return True
