"""The rows of `synthesize` whole: what speech made of them, and beside it what the sample has.

Speech is kept by itself, so that a word that nobody hears, such as a licence or an answer, re-does none of it.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from sayso.manifests.ledger import Ledger


def spoken_rows(ledger: Ledger, shard: str, columns: Collection[str] | None = None) -> pl.DataFrame:
    """The rows that went on from a shard of the speech: all columns or some. Raises DamagedShard."""
    speech, sample = ledger.table("synthesize", shard), ledger.table("sample", shard)
    wanted = [*dict.fromkeys([*sample.columns, *speech.columns])] if columns is None else [*columns]
    made = [name for name in speech.columns if name in wanted or name == "id"]
    beside = [name for name in sample.columns if name in wanted and name not in speech.columns]
    rows = speech.read(made).join(sample.read(["id", *beside]), on="id", how="left", maintain_order="left")
    return rows.select(wanted)
