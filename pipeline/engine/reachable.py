"""Whether a Ray cluster may answer at an address, told within seconds: Ray itself waits for minutes."""

from __future__ import annotations

import os
import socket
import threading
from urllib.parse import urlsplit

# For looking up a name, for a connection and for the answer, each.
SECONDS = 5.0
# Ray speaks gRPC, so HTTP/2, in which both sides begin with their settings: here a frame with none.
HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
FRAME_BYTES, FRAME_TYPE, SETTINGS = 9, 3, 4
# Where a cluster listens for `ray://`.
CLIENT_PORT = 10001


def fault_of_address(address: str) -> str | None:
    """Why there can be no Ray at an address, None where there may be one, or where only Ray knows what it means."""
    scheme, _, place = address.rpartition("://")
    if address == "auto" or scheme not in ("", "ray"):
        return None
    try:
        host, port = urlsplit(f"//{place}").hostname, urlsplit(f"//{place}").port or (scheme and CLIENT_PORT)
    except ValueError:
        host, port = None, None
    if not host or not port:
        return "that is no address, which is HOST:PORT or ray://HOST:PORT"
    return _in_time(host, port)


def _in_time(host: str, port: int) -> str | None:
    # A name that nobody answers for is looked up for as long as the system likes.
    found: list[str | None] = [f"nobody answers there within {3 * SECONDS:g} s"]
    asking = threading.Thread(target=lambda: found.append(_ask(host, port)), daemon=True)
    asking.start()
    asking.join(3 * SECONDS)
    return found[-1]


def _ask(host: str, port: int) -> str | None:
    try:
        with socket.create_connection((host, port), SECONDS) as connection:
            if os.environ.get("RAY_USE_TLS", "0") not in ("0", ""):
                return None
            connection.sendall(HELLO)
            frame = connection.makefile("rb").read(FRAME_BYTES)
    except socket.gaierror as error:
        return f"no machine is known by the name {host}: {error.strerror}"
    except TimeoutError:
        return f"nobody answers there within {SECONDS:g} s"
    except OSError as error:
        return f"nobody answers there: {error.strerror or error}"
    is_ray = len(frame) == FRAME_BYTES and frame[FRAME_TYPE] == SETTINGS
    return None if is_ray else "what answers there is no Ray"
