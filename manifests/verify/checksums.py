"""Do the rows that a stage kept arrive in the next one? Told by checksums, one shard in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

# Two checksums over the same ids, so that no exchange of rows leaves both as they were.
_ADDED, _CROSSED = 1, 2
_MODULUS = 1 << 64


@dataclass(frozen=True)
class Tally:
    """How many ids there are, and which: their hashes added and crossed, whatever their order."""

    rows: int = 0
    added: int = 0
    crossed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.rows + other.rows, (self.added + other.added) % _MODULUS, self.crossed ^ other.crossed)


Tallies = Mapping[str, Tally]
"""The tally of each source's rows."""


def tallies(rows: pl.DataFrame) -> dict[str, Tally]:
    """The tally of each source in a table with `id` and `source`."""
    counted = rows.group_by("source").agg(
        pl.len(), pl.col("id").hash(_ADDED).sum(), pl.col("id").hash(_CROSSED).bitwise_xor().alias("crossed")
    )
    return {source: Tally(*numbers) for source, *numbers in counted.rows()}


def add_tallies(first: Tallies, second: Tallies) -> dict[str, Tally]:
    """The tallies of two tables together."""
    return {source: first.get(source, Tally()) + second.get(source, Tally()) for source in {*first, *second}}


def differences(rows_out: Tallies, rows_in: Tallies) -> Iterator[str]:
    """For each source whose rows are not all there: how many were kept and how many came, as a half sentence.

    A source may begin later than at the first stage, but none ends before the last.
    """
    for source, tally in sorted(rows_out.items()):
        there = rows_in.get(source, Tally())
        if there != tally:
            others = "others" if there.rows == tally.rows else f"{there.rows:,}"
            yield f"kept {tally.rows:,} rows of {source} but {others}"
