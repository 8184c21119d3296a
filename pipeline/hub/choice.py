"""Which published files hold what somebody wants of a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sayso.manifests.dataset.file_list import PublishedFile
from sayso.manifests.errors import ExitCode, SaysoError

T = TypeVar("T")


class NoSuchPart(SaysoError):
    """Raised when a dataset has no such config, split or rows."""

    exit_code = ExitCode.WRONG_USE


@dataclass(frozen=True)
class Rows:
    """Rows of a split, numbered from 0: from `first` on up to the one before `end`, or to the last."""

    first: int
    end: int | None


@dataclass(frozen=True)
class Choice:
    """What is wanted: of one config or all, of one split or all, some rows of a split or all."""

    config: str | None = None
    split: str | None = None
    rows: Rows | None = None


def row_range(text: str) -> Rows:
    """The rows that A:B names; A: is from A on, :B the first B. Raises NoSuchPart where it is none."""
    found = re.fullmatch(r"(\d*):(\d*)", text)
    first, end = (int(found[1] or 0), int(found[2]) if found[2] else None) if found else (0, 0)
    if end is not None and end <= first:
        raise NoSuchPart(f"{text!r} is no range of rows; write A:B with A below B, such as 0:1000")
    return Rows(first, end)


def choose_files(files: Sequence[PublishedFile], choice: Choice) -> list[PublishedFile]:
    """The files that hold what is wanted, whole; rows are of the config `default` where none is named.

    Raises NoSuchPart naming what there is.
    """
    config = choice.config or ("default" if choice.rows else None)
    of_config = [file for file in files if config in (None, file.config)]
    if not of_config:
        raise NoSuchPart(f"there is no config {config}; there are {_names(file.config for file in files)}")
    found = [file for file in of_config if choice.split in (None, file.split)]
    if not found:
        raise NoSuchPart(f"there is no split {choice.split}; there are {_names(file.split for file in of_config)}")
    if choice.rows is None:
        return found
    splits = {file.split for file in found}
    if len(splits) > 1:
        raise NoSuchPart(f"rows are counted within a split; name one of {_names(iter(sorted(splits)))} with --split")
    return _find_overlapping(found, choice.rows)


def _find_overlapping(files: Sequence[PublishedFile], rows: Rows) -> list[PublishedFile]:
    found, begin = [], 0
    for file in files:
        if begin + file.rows > rows.first and (rows.end is None or begin < rows.end):
            found.append(file)
        begin += file.rows
    if not found or begin <= rows.first:
        raise NoSuchPart(f"there is no row {rows.first:,}: the split has {begin:,}")
    return found


def _names(names: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(names))
