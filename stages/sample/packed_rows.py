"""Rows cut into ranges of ids, each packed into one value, so that one range of a file is read by itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import polars as pl
import pyarrow as pa

from sayso.manifests.in_order import in_order
from sayso.manifests.ledger import Ledger

# A file has one row group for each range.
RANGES_PER_GROUP = 1


def pack(rows: pl.DataFrame, bounds: Sequence[str]) -> pl.DataFrame:
    """The rows from each bound on and before the next, sorted by `id`: one value of the column `rows` for each range.

    The value is a stream of Arrow's. Of a table with a column for each column of the rows, the footer and the hashes
    would be as many times as long, and every range that is read needs them.
    """
    # In the older layout a range of rows is written alone; views would bring all texts along.
    ordered = rows.sort("id").rechunk()
    table = ordered.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks()
    cuts = ordered["id"].search_sorted(pl.Series(bounds, dtype=pl.String)).to_list()
    packed = [_stream(table.slice(first, end - first)) for first, end in pairwise(cuts)]
    return pl.DataFrame({"rows": pl.Series(packed, dtype=pl.Binary)})


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def packed_rows(ledger: Ledger, stage: str, shards: Sequence[str], number: int) -> pl.DataFrame:
    """The rows of one range, by its number, of some packed shards, at least one. Raises DamagedShard."""

    def read(shard: str) -> pl.DataFrame:
        return _unpack(ledger.table(stage, shard).read_row_group(number, "rows"))

    return pl.concat(in_order(read, shards, ledger.storage.at_a_time))


def _unpack(values: pl.Series) -> pl.DataFrame:
    found = pl.from_arrow(pa.ipc.open_stream(pa.py_buffer(values[0])).read_all())
    assert isinstance(found, pl.DataFrame)
    return found
