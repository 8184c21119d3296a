"""Cut the surveyed files of a source into even shards, whatever the size of the files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from sayso.stages.sources.files import File
from sayso.stages.sources.formats.row_ranges import Chunk, RowRange, range_of

# Into how many parts a stretch may be cut that each part reads whole: at least, and by its bytes and rows.
PARTS_OF_STRETCH = 8
STRETCH_BYTES = 128 << 20
STRETCH_ROWS = 1_000_000
# So small a share of a shard is not worth reading twice.
SMALL = 0.1


def even_shards(
    files: Sequence[File], chunks: Sequence[Sequence[Chunk]], rows: int, size: int
) -> list[list[tuple[int, RowRange]]]:
    """Which rows of which files (known by their place in the list) make each shard: consecutive, as even as can be.

    A shard has at most `rows` rows and about `size` bytes. Local Parquet and plain JSON are cut at any row. A row
    group of a remote Parquet file is fetched whole by each shard that has rows of it, and a CSV file or a packed file
    is read from its start. To keep that from growing with the square of the rows, such a stretch is
    cut into 8 parts at most, or into parts of 128 MiB or a million rows where those are more; the shards are larger
    then.
    """
    weights = [[max(chunk.rows / rows, chunk.bytes / size) for chunk in found] for found in chunks]
    total = sum(map(sum, weights))
    target = total / max(1, math.ceil(total - 1e-9))
    shards: list[list[tuple[int, RowRange]]] = [[]]
    before = 0.0
    for number, file in enumerate(files):
        for chunk, weight in zip(chunks[number], weights[number], strict=True):
            parts = _parts(file, chunk, weight)
            ends = _ends(chunk.rows, parts, (before, before + weight), target)
            for place, (start, end) in enumerate(pairwise([0, *ends, chunk.rows])):
                if place and shards[-1]:
                    shards.append([])
                if end > start:
                    _add(shards[-1], number, chunk, start, end)
            before += weight
    return [shard for shard in shards if shard]


def _parts(file: File, chunk: Chunk, weight: float) -> int:
    """Into how many parts a chunk may be cut."""
    if file.compression == "none" and (
        file.format in ("jsonl", "json") or (file.format == "parquet" and not file.is_remote)
    ):
        return chunk.rows
    if weight < SMALL:
        return 1
    least = max(chunk.bytes / STRETCH_BYTES, chunk.rows / STRETCH_ROWS)
    return min(chunk.rows, max(PARTS_OF_STRETCH, math.ceil(least)))


def _ends(rows: int, parts: int, reach: tuple[float, float], target: float) -> list[int]:
    """After which rows of a chunk of these parts a shard ends, where shards end at each multiple of `target`."""
    before, after = reach
    first, last = math.floor(before / target + 1e-9) + 1, math.floor(after / target + 1e-9)
    shares = [(number * target - before) / (after - before) for number in range(first, last + 1)]
    return [min(parts, math.floor(share * parts + 1e-9)) * rows // parts for share in shares]


def _add(shard: list[tuple[int, RowRange]], file: int, chunk: Chunk, start: int, end: int) -> None:
    """Put rows of a chunk to a shard, as one range with the rows of the same file before them."""
    if shard and shard[-1][0] == file:
        _, before = shard[-1]
        shard[-1] = (file, before.model_copy(update={"rows": before.rows + end - start}))
    else:
        shard.append((file, range_of(chunk, end - start, start)))


def first_rows(chunks: Sequence[Sequence[Chunk]], limit: int | None) -> list[list[Chunk]]:
    """The chunks of the first `limit` rows of all, or all of them without a limit."""
    if limit is None:
        return [list(found) for found in chunks]
    left = limit
    kept: list[list[Chunk]] = []
    for found in chunks:
        kept.append([])
        for chunk in found:
            rows = min(chunk.rows, left)
            left -= rows
            if rows:
                kept[-1].append(chunk.model_copy(update={"rows": rows, "bytes": chunk.bytes * rows // chunk.rows}))
    return kept
