"""The job that counts in how many prompts each run of words is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from sayso.filters.text.words import Hashes, folded_words
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.deduplicate.compared_rows import READ, as_compared
from sayso.stages.deduplicate.frames import run_keys, shared_runs
from sayso.stages.jobs.job import Table
from sayso.stages.screen.screened_rows import screened_rows

# A worker counts the runs of so many rows at a time: at 17 runs a row, 8 bytes each, and as much again to sort them.
ROWS_PER_PART = 2_000_000


@dataclass(frozen=True)
class FrameJob:
    """Find the runs of words that more than `above` of all prompts have, of one part of all runs."""

    key: ShardKey
    parameters: dict[str, object]
    shards: tuple[str, ...]
    stays: str
    length: int
    above: int
    part: int
    parts: int

    def outcome(self, ledger: Ledger) -> Table:
        return Table(pl.DataFrame({"run": shared_runs(self._keys(ledger), self.above)}))

    def _keys(self, ledger: Ledger) -> Iterator[Hashes]:
        for shard in self.shards:
            rows = as_compared(screened_rows(ledger, self.stays, shard, READ))
            rows = rows.unique("text_hash", keep="any")
            texts = rows.select(pl.col("text_hash").str.slice(0, 8).str.to_integer(base=16, dtype=pl.UInt32))
            words = folded_words(rows["prompt"])
            yield run_keys(words, texts.to_series().to_numpy().astype(np.uint32), self.length, self.part, self.parts)
