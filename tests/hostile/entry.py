"""An entry of the table: what looks at text, how it is asked, and the texts that would cost it the most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from tests.hostile.worst_texts import FOR_ALL, Text


@dataclass(frozen=True)
class Entry:
    """`holds`: the names of the patterns and loops that `ask` goes through, as `source.patterns_and_loops` has them.

    `texts` are its own worst ones; `tried` adds those that all are tried with.
    """

    name: str
    ask: Callable[[str], object]
    holds: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()

    @property
    def tried(self) -> tuple[Text, ...]:
        return (*self.texts, *FOR_ALL)


def named(module: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{module}.{name}" for name in names)


def row_of(text: str) -> pl.DataFrame:
    row = {"id": "0" * 32, "source": "hostile", "position": "a:1", "prompt": text, "answer": text, "spoken": text}
    return pl.DataFrame({**row, "unpronounceable": pl.Series([None], dtype=pl.String)})
