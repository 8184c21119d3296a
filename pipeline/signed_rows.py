"""Rows with a signature, read by the number that each has among all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from manifests.ledger import Ledger

RANKED = ("id", "source", "answer_length")


@dataclass(frozen=True)
class Signed:
    """The shards of signatures, and the number that each one's first row has among all rows."""

    shards: tuple[str, ...]
    starts: tuple[int, ...]

    def rows(self, ledger: Ledger, wanted: npt.NDArray[np.int64], columns: Sequence[str]) -> pl.DataFrame:
        """The rows of these numbers (ascending), shard by shard, so that no more than they are in memory."""
        return pl.concat(list(self._parts(ledger, wanted, columns)))

    def _parts(self, ledger: Ledger, wanted: npt.NDArray[np.int64], columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        cuts = np.searchsorted(wanted, self.starts)
        for shard, start, first, following in zip(
            self.shards, self.starts, cuts, [*cuts[1:], len(wanted)], strict=True
        ):
            numbers = wanted[first:following]
            if len(numbers) or shard == self.shards[0]:
                rows = ledger.rows("signatures", [shard]).select(columns).collect()[numbers - start]
                yield rows.with_columns(pl.Series("row", numbers, dtype=pl.UInt32))
