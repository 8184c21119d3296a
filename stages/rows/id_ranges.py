"""Shards that are ranges of ids: the space of ids, cut evenly."""

from __future__ import annotations

ID_SPACE = 1 << 32


def id_range(shard: int, shards: int) -> tuple[str, str]:
    """The smallest id of a shard and the smallest of the next, when the space of ids is cut evenly."""
    first = -(-shard * ID_SPACE // shards)
    following = -(-(shard + 1) * ID_SPACE // shards)
    # "g" sorts behind every hexadecimal digit.
    return f"{first:08x}", f"{following:08x}" if following < ID_SPACE else "g"


def shards_for(rows: int, shard_rows: int) -> int:
    """How many shards `rows` selected rows are cut into, about `shard_rows` each."""
    return max(1, -(-rows // shard_rows))
