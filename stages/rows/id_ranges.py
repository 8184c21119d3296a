"""Shards that are ranges of ids: the space of ids, cut evenly."""

from __future__ import annotations

from collections.abc import Sequence

ID_SPACE = 1 << 32


def id_range(shard: int, shards: int) -> tuple[str, str]:
    """The smallest id of a shard and the smallest of the next, when the space of ids is cut evenly."""
    first = -(-shard * ID_SPACE // shards)
    following = -(-(shard + 1) * ID_SPACE // shards)
    # "g" sorts behind every hexadecimal digit.
    return f"{first:08x}", f"{following:08x}" if following < ID_SPACE else "g"


def ranges_for(rows: int, shard_rows: int) -> Sequence[str]:
    """Names of the shards that `rows` selected rows are cut into, about `shard_rows` each."""
    return [f"{number:05d}" for number in range(max(1, -(-rows // shard_rows)))]
