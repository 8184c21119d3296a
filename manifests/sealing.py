"""A JSON file that ends with its own checksum, so that one changed byte in it is noticed."""

from __future__ import annotations

import re
from hashlib import sha256

# The last lines of the file; all that is before them is what the sha256 is of.
_SEAL = re.compile(rb',\n "checksum": "([0-9a-f]{64})"\n}\n')


class NotAsSealed(ValueError):
    """Raised for a file that does not end with its checksum, or has another."""


def seal(content: bytes) -> bytes:
    """A JSON object, indented by one, with `checksum` as its last field."""
    body = content.rstrip().removesuffix(b"}").rstrip()
    return body + f',\n "checksum": "{sha256(body).hexdigest()}"\n}}\n'.encode()


def unseal(content: bytes) -> bytes:
    """The JSON object as it was before. Raises NotAsSealed."""
    length = len(seal(b"{\n}")) - len(b"{")
    found = _SEAL.fullmatch(content[-length:])
    body = content[:-length]
    if found is None:
        raise NotAsSealed("does not end with its checksum")
    if sha256(body).hexdigest().encode() != found[1]:
        raise NotAsSealed("does not have its checksum")
    return body + b"\n}"
