"""What a job's outcome depends on, beside the bytes that it reads, as short hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass

import numpy as np
import polars as pl
from pydantic import BaseModel

from sayso.manifests.plugins import code_of
from sayso.stages.jobs.code_version import code_version
from sayso.stages.jobs.job import Job


@dataclass(frozen=True)
class Fingerprint:
    """Hashes of the code that a job runs (its own module, all that this imports, plugins), and of all that it holds."""

    code: str
    recipe: str

    @property
    def whole(self) -> str:
        return hashlib.sha256(f"{self.code}\n{self.recipe}".encode()).hexdigest()[:32]


def fingerprint(job: Job) -> Fingerprint:
    """The fingerprint of a job. Its key does not count, nor do fields with `compare=False` but for the plugins in them.

    Raises TypeError for what has no content to hash.
    """
    held = json.dumps(_fields(job), default=_content, sort_keys=True)
    code, plugins = code_version(type(job).__module__), code_of(job)
    if plugins:
        code = combine_hashes([code, *plugins])[:16]
    return Fingerprint(code, hashlib.sha256(held.encode()).hexdigest()[:32])


def combine_hashes(hashes: Iterable[str]) -> str:
    """One hash that stands for several, in their order."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _content(value: object) -> object:
    """What JSON can hold of a value that it cannot hold as it is."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, pl.DataFrame):
        return value.to_dict(as_series=False)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    return _fields(value)


def _fields(value: object) -> dict[str, object]:
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} in a job: say in stages/jobs/fingerprint.py what of it counts")
    return {field.name: getattr(value, field.name) for field in fields(value) if field.compare and field.name != "key"}
