"""Whether a Ray cluster may answer at an address, told within seconds: Ray itself waits for minutes."""

from __future__ import annotations

import os
import socket
import struct
import threading
from typing import BinaryIO
from urllib.parse import urlsplit

# For looking up a name, for a connection and for the answer, each.
SECONDS = 5.0
# Ray speaks gRPC, so HTTP/2, in which both sides begin with their settings. What is asked of it is nothing that it can
# do, to which gRPC says so in an answer of status 200; any other server has no such page.
_HEADERS, _SETTINGS = 1, 4
_END_OF_HEADERS_AND_ALL, _PADDED, _WITH_PRIORITY = 0x5, 0x8, 0x20
# As RFC 7541 writes them: a field of its table alone, one of its names with a value, a name and a value.
_POST, _HTTP, _STATUS_200 = 0x83, 0x86, 0x88
_ASKED = (
    bytes([_POST, _HTTP])
    + b"\x04\x0a/sayso/Ask"
    + b"\x01\x03ray"
    + b"\x0f\x10\x10application/grpc"
    + b"\x00\x02te\x08trailers"
)
# Of a frame: its size in three bytes, its kind, its flags, and the number of the stream.
_FRAME_HEAD = struct.Struct(">BHBBI")


def _frame(kind: int, flags: int, stream: int, content: bytes) -> bytes:
    return _FRAME_HEAD.pack(0, len(content), kind, flags, stream) + content


_HELLO = (
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    + _frame(_SETTINGS, 0, 0, b"")
    + _frame(_HEADERS, _END_OF_HEADERS_AND_ALL, 1, _ASKED)
)
# So many frames may come before the answer.
_MOST_FRAMES = 20


def fault_of_address(address: str) -> str | None:
    """Why there can be no Ray at an address, None where there may be one, or where only Ray knows what it means."""
    if address == "auto":
        return None
    host, port = _split(address)
    if not host or not port:
        return "that is no address, which is HOST:PORT"
    return _in_time(host, port)


def fault_of_scheme(address: str) -> str | None:
    """Why no run can work at an address that has a scheme, and what to do instead; None where it has none.

    Behind `ray://` a process of the cluster acts for a program that is not part of it, and knows no workers that answer
    while they work; behind `http://` jobs are handed in.
    """
    scheme, found, place = address.partition("://")
    if not found:
        return None
    host = _split(place)[0] or "HEAD"
    cannot = "is where jobs are handed in" if scheme in ("http", "https") else "is for programs outside of the cluster"
    return (
        f"{scheme}:// {cannot}; run the command on a machine of the cluster with --address auto, "
        f"or hand it in as a job: ray job submit --address http://{host}:8265 -- python -m sayso run ..."
    )


def _split(address: str) -> tuple[str | None, int | None]:
    try:
        return urlsplit(f"//{address}").hostname, urlsplit(f"//{address}").port
    except ValueError:
        return None, None


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
            connection.sendall(_HELLO)
            speaks_grpc = _speaks_grpc(connection.makefile("rb"))
    except socket.gaierror as error:
        return f"no machine is known by the name {host}: {error.strerror}"
    except TimeoutError:
        return f"nobody answers there within {SECONDS:g} s"
    except OSError as error:
        return f"nobody answers there: {error.strerror or error}"
    return None if speaks_grpc else "what answers there is no Ray"


def _speaks_grpc(stream: BinaryIO) -> bool:
    """Whether what was asked is answered as gRPC answers it."""
    for number in range(_MOST_FRAMES):
        head = stream.read(_FRAME_HEAD.size)
        if len(head) < _FRAME_HEAD.size:
            return False
        high, low, kind, flags, _ = _FRAME_HEAD.unpack(head)
        if number == 0 and kind != _SETTINGS:
            return False
        content = stream.read((high << 16) + low)
        if kind == _HEADERS:
            return _first_field(content, flags) == _STATUS_200
    return False


def _first_field(headers: bytes, flags: int) -> int | None:
    """The first byte of what a frame of headers says, None where it says nothing."""
    start = bool(flags & _PADDED) + 5 * bool(flags & _WITH_PRIORITY)
    fields = iter(headers[start:])
    for byte in fields:
        if byte & 0xE0 != 0x20:
            return byte
        # The size of a table; one that does not fit into the byte goes on to the first that is less than 128.
        if byte == 0x3F:
            next((more for more in fields if more < 0x80), None)
    return None
