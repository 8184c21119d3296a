"""What a dataset is called on the Hub."""

from __future__ import annotations

import re

from sayso.manifests.errors import ExitCode, SaysoError

NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


class NotAName(SaysoError):
    """Raised when a dataset of the Hub is not named as ORG/NAME."""

    exit_code = ExitCode.WRONG_USE


def check_dataset_name(name: str) -> None:
    """Raises NotAName where `name` is no name of a dataset on the Hub."""
    if not NAME.fullmatch(name) or ".." in name or "--" in name:
        raise NotAName(f"{name!r} is no name of a dataset on the Hub; write ORG/NAME, such as my-org/spoken-questions")
