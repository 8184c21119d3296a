"""What a stage's result depends on, as one short hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from pipeline.code_version import code_version


def fingerprint(module: str, parameters: Mapping[str, object]) -> str:
    """A hash of a stage's parameters and of the code it runs (`module` and all it imports of this project)."""
    content = json.dumps({"code": code_version(module), "parameters": parameters}, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def combined(hashes: Iterable[str]) -> str:
    """One hash that stands for several, in their order."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
