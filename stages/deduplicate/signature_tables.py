"""Rows with a signature, read by the number that each has among all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import StoredTable

RANKED = ("source", "clean", "answer_length", "drawn_by")


@dataclass(frozen=True)
class SignatureShards:
    """The shards of signatures, and the number that each one's first row has among all rows."""

    shards: tuple[str, ...]
    starts: tuple[int, ...]

    def open(self, ledger: Ledger) -> SignatureTables:
        """The shards, to be read more than once."""
        return SignatureTables([ledger.table("signatures", shard) for shard in self.shards], self.starts)


@dataclass(frozen=True)
class SignatureTables:
    """The shards of signatures as one table."""

    tables: list[StoredTable]
    starts: tuple[int, ...]

    def hashes(self, column: str) -> npt.NDArray[np.uint64]:
        """A column of hashes, of all rows."""
        return pl.concat(table.read([column]) for table in self.tables).to_series().to_numpy()

    def rows(self, wanted: npt.NDArray[np.int64], columns: Sequence[str]) -> pl.DataFrame:
        """The rows of these numbers (ascending), shard by shard, so that no more than they are in memory."""
        return pl.concat(list(self._parts(wanted, columns)))

    def _parts(self, wanted: npt.NDArray[np.int64], columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        cuts = np.searchsorted(wanted, self.starts)
        for table, start, first, following in zip(
            self.tables, self.starts, cuts, [*cuts[1:], len(wanted)], strict=True
        ):
            numbers = wanted[first:following]
            if len(numbers) or table is self.tables[0]:
                rows = table.read(columns)[numbers - start]
                yield rows.with_columns(pl.Series("row", numbers, dtype=pl.UInt32))
