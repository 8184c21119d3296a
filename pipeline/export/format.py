"""What a format is: which files it makes of a shard's rows, and how a trainer opens them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

import polars as pl

# A file's name below the folder of the export, and its content in pieces.
Index: TypeAlias = tuple[str, Iterable[bytes]]


@dataclass(frozen=True)
class SplitFiles:
    """What there is of a split of a config: the names of each shard's files, below the folder of the export."""

    config: str
    split: str
    shards: Sequence[Sequence[str]]

    @property
    def name(self) -> str:
        return f"{self.config}/{self.split}"


def no_indexes(folder: Path, splits: Sequence[SplitFiles]) -> Iterator[Index]:
    """Of formats whose shards are all there is."""
    return iter(())


@dataclass(frozen=True)
class Format:
    """One way in which trainers read a dataset.

    `shard_names` gives the files that a shard becomes, by its number in its split, within the split's folder; `write`
    fills them, in that order, with the shard's rows, which come in tables of the published columns, and is told the
    number, too. `indexes` are the files that speak of all shards, which are in place by then. `opened` is Python code
    that opens the folder of a split. A format that `needs_audio` is given rows that have it, and `audio` of no others.
    """

    name: str
    needs_audio: bool
    shard_names: Callable[[int], tuple[str, ...]]
    write: Callable[[Iterable[pl.DataFrame], int, Sequence[BinaryIO]], None]
    opened: Callable[[str], str]
    indexes: Callable[[Path, Sequence[SplitFiles]], Iterator[Index]] = no_indexes
