"""The screened rows that stay so far: their texts are kept once, and the stages after pass on ids."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sayso.manifests.ledger import Ledger


def screened_rows(ledger: Ledger, stays: str, shard: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """All columns or some, `id` among them, of those rows of a shard that are in the shard of `stays`, too.

    `stays` is `screen` itself or a later stage with the same shards. Raises DamagedShard.
    """
    rows = ledger.rows("screen", [shard], columns)
    return rows if stays == "screen" else rows.join(ledger.rows(stays, [shard], ["id"]), on="id", how="semi")
