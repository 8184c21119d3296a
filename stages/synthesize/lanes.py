"""Lanes: two parts of a shard that are under way at once, so that one is said while the other is encoded and read back.

A part goes through all its attempts by itself. Its rows fill the places in a voice's batch that those of the other
leave. More parts would be smaller ones, and leave more places empty than their lanes gain.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar, cast

import polars as pl

LANES = 2

Engine = TypeVar("Engine")
Result = TypeVar("Result")
Parts = Callable[[pl.DataFrame, Callable[[pl.DataFrame], Any]], list[Any]]
"""How the rows of a shard are taken through work: all at once, or in parts."""


def whole(rows: pl.DataFrame, work: Callable[[pl.DataFrame], Result]) -> list[Result]:
    """What comes of all rows in one part."""
    return [work(rows)]


def in_lanes(rows: pl.DataFrame, work: Callable[[pl.DataFrame], Result]) -> list[Result]:
    """What comes of each part, those that take longest to say in the first. Raises the first error when all have ended.

    No row in a part hangs on the others.
    """
    later = pl.col("later_turns").list.eval(pl.element().struct.field("spoken").str.len_chars()).list.sum()
    letters = pl.col("spoken").str.len_chars() + later.fill_null(0)
    ordered = rows.sort(letters, "id", descending=[True, False])
    parts = [*ordered.iter_slices(max(1, -(-ordered.height // LANES)))] or [ordered]
    with ThreadPoolExecutor(LANES, "lane") as lanes:
        return [*lanes.map(work, parts)]


def one_at_a_time(engine: Engine) -> Engine:
    """The engine, with one caller of its methods at a time."""
    return cast(Engine, _OneAtATime(engine))


class _OneAtATime:
    """An engine whose methods have one caller at a time."""

    def __init__(self, engine: Any) -> None:
        self._engine, self._lock = engine, Lock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if not callable(found):
            return found

        def called(*arguments: Any) -> Any:
            with self._lock:
                return found(*arguments)

        return called
