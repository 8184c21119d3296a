"""Lanes: two parts of an attempt that are under way at once, one said while the other is encoded or read back.

They are said in one batch of the voice, where the rows of one fill the places that those of the other leave. More
lanes, or parts that go on to their next attempts by themselves, leave more places empty than they gain.
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
"""How turns (`id`, `turn`, `spoken`) are taken through work: all at once, or in parts of whole rows."""


def whole(turns: pl.DataFrame, work: Callable[[pl.DataFrame], Result]) -> list[Result]:
    """What comes of all turns in one part."""
    return [work(turns)]


def in_lanes(turns: pl.DataFrame, work: Callable[[pl.DataFrame], Result]) -> list[Result]:
    """What comes of each part, the rows that take longest to say in the first. Raises an error when all have ended."""
    letters = turns.group_by("id").agg(pl.col("spoken").str.len_chars().sum())
    ids = letters.sort("spoken", "id", descending=[True, False]).select("id")
    halves = [*ids.iter_slices(max(1, -(-ids.height // LANES)))] or [ids]
    parts = [turns.join(half, on="id", how="semi", maintain_order="left") for half in halves]
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
