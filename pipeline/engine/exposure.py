"""Who can reach a Ray: of one that starts here nobody beyond this machine; of a cluster it is said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from ray._private import ray_constants

TOKENS = "https://docs.ray.io/en/latest/ray-security/token-auth.html"


@contextmanager
def loopback_only() -> Iterator[None]:
    """Lets a Ray that starts inside listen on loopback only.

    By itself it listens on every interface, and takes an address that others can reach even where it is given
    127.0.0.1, except on systems on which it knows no clusters. Here this machine is treated as one of those.
    """
    reachable = ray_constants.ENABLE_RAY_CLUSTER
    ray_constants.ENABLE_RAY_CLUSTER = False
    try:
        yield
    finally:
        ray_constants.ENABLE_RAY_CLUSTER = reachable


def exposure(address: str) -> str | None:
    """What to tell whoever works on the cluster at HOST:PORT, or None: it is on loopback, or tokens are in use."""
    host = urlsplit(f"//{address}").hostname or ""
    if _is_loopback(host) or os.environ.get("RAY_AUTH_MODE", "").lower() == "token":
        return None
    return (
        f"the Ray cluster at {host} does what anybody asks who can reach it, and is asked without a token; "
        f"start it with RAY_AUTH_MODE=token, and this command, too ({TOKENS})"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
