"""Cut the surveyed files of a source into even shards, whatever the size of the files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sayso.stages.sources.files import File
from sayso.stages.sources.formats.readers import Block, Span

# Into how many parts a stretch may be cut that each part reads whole: at least, and by its bytes and rows.
PARTS_OF_STRETCH = 8
STRETCH_BYTES = 128 << 20
STRETCH_ROWS = 1_000_000
# So small a share of a shard is not worth reading twice.
SMALL = 0.1


@dataclass(frozen=True)
class Cut:
    """Consecutive rows of one file, which is known by its place in the list of files."""

    file: int
    span: Span


def cut(files: Sequence[File], blocks: Sequence[Sequence[Block]], rows: int, size: int) -> list[list[Cut]]:
    """Which rows of which files make each shard: consecutive ones, and as even as can be.

    A shard has at most `rows` rows and about `size` bytes. Local Parquet and plain JSON lines are cut at any row. A row
    group of a remote Parquet file is fetched whole by each shard that has rows of it, and a CSV file, a JSON array
    or a packed file is read from its start. To keep that from growing with the square of the rows, such a stretch is
    cut into 8 parts at most, or into parts of 128 MiB or a million rows where those are more; the shards are larger
    then.
    """
    weights = [[max(block.rows / rows, block.bytes / size) for block in found] for found in blocks]
    total = sum(map(sum, weights))
    target = total / max(1, math.ceil(total - 1e-9))
    shards: list[list[Cut]] = [[]]
    before = 0.0
    for number, file in enumerate(files):
        for block, weight in zip(blocks[number], weights[number], strict=True):
            parts = _parts(file, block, weight)
            ends = _ends(block.rows, parts, (before, before + weight), target)
            for place, (start, end) in enumerate(pairwise([0, *ends, block.rows])):
                if place and shards[-1]:
                    shards.append([])
                if end > start:
                    _add(shards[-1], number, block, start, end)
            before += weight
    return [shard for shard in shards if shard]


def _parts(file: File, block: Block, weight: float) -> int:
    """Into how many parts a block may be cut."""
    if file.compression == "none" and (file.format == "jsonl" or (file.format == "parquet" and not file.is_remote)):
        return block.rows
    if weight < SMALL:
        return 1
    least = max(block.bytes / STRETCH_BYTES, block.rows / STRETCH_ROWS)
    return min(block.rows, max(PARTS_OF_STRETCH, math.ceil(least)))


def _ends(rows: int, parts: int, reach: tuple[float, float], target: float) -> list[int]:
    """After which rows of a block of these parts a shard ends, where shards end at each multiple of `target`."""
    before, after = reach
    first, last = math.floor(before / target + 1e-9) + 1, math.floor(after / target + 1e-9)
    shares = [(number * target - before) / (after - before) for number in range(first, last + 1)]
    return [min(parts, math.floor(share * parts + 1e-9)) * rows // parts for share in shares]


def _add(shard: list[Cut], file: int, block: Block, start: int, end: int) -> None:
    """Put rows of a block to a shard, as one span with the rows of the same file before them."""
    if shard and shard[-1].file == file:
        span = shard[-1].span
        shard[-1] = replace(shard[-1], span=span.model_copy(update={"rows": span.rows + end - start}))
    else:
        span = Span(first=block.first, rows=end - start, offset=block.offset, skip=start)
        shard.append(Cut(file, span))


def limited(blocks: Sequence[Sequence[Block]], limit: int | None) -> list[list[Block]]:
    """The blocks of the first `limit` rows of all, or all of them without a limit."""
    if limit is None:
        return [list(found) for found in blocks]
    left = limit
    kept: list[list[Block]] = []
    for found in blocks:
        kept.append([])
        for block in found:
            rows = min(block.rows, left)
            left -= rows
            if rows:
                kept[-1].append(block.model_copy(update={"rows": rows, "bytes": block.bytes * rows // block.rows}))
    return kept
