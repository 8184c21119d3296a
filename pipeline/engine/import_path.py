"""Where workers import from: what is installed on their machine, and no folder that a command was typed in."""

from __future__ import annotations

from collections.abc import Iterable

from ray.job_config import JobConfig


class _NoFolders(list[str]):
    """A list that stays empty."""

    def extend(self, folders: Iterable[str]) -> None:
        """Takes none."""


def installed_only() -> JobConfig:
    """A job of Ray whose workers import what is installed only.

    By itself Ray puts the working directory and the folder of the script in front of all else on the path of each
    worker, so that a `types.py` there would be taken for Python's.
    """
    config = JobConfig()
    config._py_driver_sys_path = _NoFolders()
    return config
