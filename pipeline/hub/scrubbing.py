"""Plan and records as they may be seen by everybody: no name of a machine, no path on it."""

from __future__ import annotations

import re

from sayso.manifests.records import Record
from sayso.manifests.run_plan import RunPlan
from sayso.manifests.sealing import seal

# From the root of a disk, from a home, from a drive, or out of the recipe's folder.
_LOCAL = re.compile(r"(?:file://|/|~|[A-Za-z]:[\\/]|\.\.[\\/])[^\n]*")


def scrub_plan(plan: RunPlan) -> bytes:
    """The plan as JSON, with only the last name of each local path in its recipe."""
    return _json(plan.model_copy(update={"recipe": _scrub(plan.recipe)}))


def scrub_record(record: Record) -> bytes:
    """The record as JSON, without its worker, and with only the last name of each local path in its parameters.

    What its worker took from a store of attempts is left out, too.
    Nothing else is another than it was: key, counts and the sha256 of its files.
    """
    return _json(record.model_copy(update={"worker": "", "store": None, "parameters": _scrub(record.parameters)}))


def _json(model: RunPlan | Record) -> bytes:
    return seal(model.model_dump_json(indent=1).encode())


def _scrub(value: object) -> object:
    if isinstance(value, dict):
        return {key: _scrub(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_scrub(inner) for inner in value]
    if isinstance(value, str) and _LOCAL.fullmatch(value):
        return re.split(r"[\\/]", value.rstrip("\\/"))[-1]
    return value
