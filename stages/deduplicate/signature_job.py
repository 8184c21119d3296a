"""The job that signs the rows of one screened shard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.deduplicate.compared_rows import READ, as_compared
from sayso.stages.deduplicate.frames import Frames
from sayso.stages.deduplicate.signatures import signatures
from sayso.stages.jobs.job import Table
from sayso.stages.screen.screened_rows import screened_rows

NO_FRAMES = pl.Series("run", [], pl.UInt32)


@dataclass(frozen=True)
class SignatureJob:
    """Sign the screened rows of one shard that stay so far, as `stays` has them.

    `framed` stands for what the tables of `frames`, runs of `frame_words` words, hold.
    """

    key: ShardKey
    parameters: dict[str, object]
    ngram: int
    bands: int
    band_rows: int
    stays: str
    frames: tuple[str, ...]
    framed: str
    frame_words: int

    def outcome(self, ledger: Ledger) -> Table:
        rows = screened_rows(ledger, self.stays, self.key.shard, (*READ, "source", "position", "answer", "taken_out"))
        frames = _frames(ledger.storage.root, self.frames, self.framed, self.frame_words)
        return Table(signatures(as_compared(rows).sort("id"), self.ngram, self.bands, self.band_rows, frames))


@lru_cache(maxsize=1)
def _frames(root: str, frames: tuple[str, ...], framed: str, words: int) -> Frames:
    """The frames of a run, put together once in each worker and again where `framed` stands for others."""
    found = Ledger(root).rows("frames", frames)["run"].sort() if frames else NO_FRAMES
    return Frames.of(found.to_numpy(), words)
