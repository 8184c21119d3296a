"""Lanes: parts of a shard that are under way at once, so that one is said while others are encoded and read back.

A part goes through all its attempts by itself. Its rows fill the places in a voice's batch that rows of the parts
before it leave, also where these are said again, so a batch is left empty at the end of a shard alone.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar, cast

import polars as pl

# One that is said as text, one as sound, one that is encoded or read back, and one that waits for the next of these.
LANES = 4

Engine = TypeVar("Engine")
Result = TypeVar("Result")
Parts = Callable[[pl.DataFrame, int, Callable[[pl.DataFrame], Any]], list[Any]]
"""How the rows of a shard are taken through work: all in one part, or in several of a size."""


def whole(rows: pl.DataFrame, size: int, work: Callable[[pl.DataFrame], Result]) -> list[Result]:
    """What comes of all rows in one part."""
    return [work(rows)]


def in_lanes(rows: pl.DataFrame, size: int, work: Callable[[pl.DataFrame], Result]) -> list[Result]:
    """What comes of each part of `size` rows, of which LANES are under way, those that are said longest first.

    Raises the first error; parts that have not begun are then left.
    """
    later = pl.col("later_turns").list.eval(pl.element().struct.field("spoken").str.len_chars()).list.sum()
    letters = pl.col("spoken").str.len_chars() + later.fill_null(0)
    ordered = rows.sort(letters, "id", descending=[True, False])
    pool = ThreadPoolExecutor(LANES, "lane")
    try:
        return [*pool.map(work, [*ordered.iter_slices(size)] or [ordered])]
    finally:
        pool.shutdown(cancel_futures=True)


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
