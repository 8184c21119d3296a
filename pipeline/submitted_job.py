"""A command as a job that was handed in to a Ray cluster, and what is other there than in a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sayso.manifests.errors import ExitCode, SaysoError

# Ray gives a job's command what was asked for with it in this variable, and does so nowhere else.
JOB = "RAY_JOB_CONFIG_JSON_ENV_VAR"
OURS_FIRST = "RAY_OVERRIDE_JOB_RUNTIME_ENV"

Place = TypeVar("Place", bound=str | os.PathLike[str])


class PassingPlace(SaysoError):
    """Raised for a relative path to write to in a job of Ray, whose folder goes with the cluster."""

    exit_code = ExitCode.WRONG_USE


def lasting(place: Place) -> Place:
    """A place to write to, as it is. Raises PassingPlace in a job of Ray where it is a relative path."""
    path_or_url: str | os.PathLike[str] = place
    name = os.fspath(path_or_url)
    if JOB in os.environ and "://" not in name and not Path(name).is_absolute():
        raise PassingPlace(
            f"{name}: in a job of Ray this is below {Path.cwd()}, a folder of Ray's own that goes with the cluster; "
            "name an absolute path that all machines see, or the URL of a store"
        )
    return place


@contextmanager
def with_environment_of_job() -> Iterator[None]:
    """Lets a Ray that is joined inside give workers the job's environment variables and ours.

    By itself Ray refuses where both name one. Ours counts then: how many threads a worker has may change what it makes.
    """
    before = os.environ.get(OURS_FIRST)
    os.environ[OURS_FIRST] = "1"
    try:
        yield
    finally:
        del os.environ[OURS_FIRST]
        if before is not None:
            os.environ[OURS_FIRST] = before
