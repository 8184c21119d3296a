"""The rows that are published: those of the speech, or of the last stage after it, such as the mixture."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.stages.synthesize.spoken_rows import spoken_rows


def mixed_rows(ledger: Ledger, stage: str, shard: str, columns: Collection[str] | None = None) -> pl.DataFrame:
    """The rows of a shard of `synthesize` or of a stage after it: all columns or some. Raises DamagedShard."""
    if stage == "synthesize":
        return spoken_rows(ledger, shard, columns)
    return ledger.rows(stage, [shard], None if columns is None else [*columns])
