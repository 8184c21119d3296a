"""How the rows of all screened shards come into ranges of ids, so that none is read more often for there being more.

Ids are hashes, so every range of them has rows of every screened shard. If each range were to look for its rows
everywhere, the work would grow with the square of the rows. Instead, as in a sort by radix, screened shards are
**scattered** into wide ranges, a few of these files at a time are **subdivided** into narrower ones, and what there is
of one narrow range is **gathered** into a file, which a few shards of the sample read. In each pass every row is read
and written once, and a job reads from `FAN` files and writes `FAN` ranges at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.stages.rows.id_ranges import id_range

# A range of a file costs a request and a millisecond, so that a file of 50,000 rows in 256 ranges is read about as
# fast as its rows are sorted. 256 wide ranges of 256 narrow ones of as many rows have room for 3 billion.
FAN = 256
# A file of the shuffle is made of screened shards of so many bytes, compressed, at most: long rows take memory, too.
PART_BYTES = 64 << 20


@dataclass(frozen=True)
class ScreenedShard:
    """How much a screened shard has: the rows of it that stay so far, and the bytes of all."""

    rows: int
    bytes: int


@dataclass(frozen=True)
class Shuffle:
    """Which screened shards are scattered together, and how many ranges of ids there are.

    `shards`: ranges of the sample. `per_narrow`: how many of these a narrow range has. `per_wide`: how many narrow
    ranges a wide one has; where that is one, nothing is subdivided.
    """

    parts: tuple[range, ...]
    shards: int
    per_narrow: int
    per_wide: int

    @property
    def is_scattered_only(self) -> bool:
        """Whether all rows are in one file after the first pass."""
        return len(self.parts) == 1 and self.narrow == 1

    @property
    def is_subdivided(self) -> bool:
        return self.per_wide > 1

    @property
    def narrow(self) -> int:
        """How many narrow ranges there are."""
        return -(-self.shards // self.per_narrow)

    @property
    def wide(self) -> int:
        """How many wide ranges there are."""
        return -(-self.narrow // self.per_wide)

    @property
    def groups(self) -> tuple[range, ...]:
        """The scattered files whose part of a wide range is subdivided together: about as many rows as a file has."""
        return tuple(_cut(len(self.parts), self.wide))

    def wide_bounds(self) -> tuple[str, ...]:
        """The bounds of the wide ranges."""
        return self._bounds(range(0, self.narrow, self.per_wide), self.per_narrow, self.shards)

    def narrow_bounds(self, wide: int) -> tuple[str, ...]:
        """The bounds of the narrow ranges of a wide one."""
        first, end = wide * self.per_wide, min((wide + 1) * self.per_wide, self.narrow)
        return self._bounds(range(first, end), self.per_narrow, min(end * self.per_narrow, self.shards))

    def shard_bounds(self, narrow: int) -> tuple[str, ...]:
        """The bounds of the sample's shards of a narrow range."""
        first, end = narrow * self.per_narrow, min((narrow + 1) * self.per_narrow, self.shards)
        return self._bounds(range(first, end), 1, end)

    def _bounds(self, starts: Sequence[int], each: int, end: int) -> tuple[str, ...]:
        """Where ranges begin, which are counted in so many shards `each`, and where the last one ends, in shards."""
        first = [id_range(start * each, self.shards)[0] for start in starts]
        return (*first, id_range(end - 1, self.shards)[1])


def shuffle_of(screened: Sequence[ScreenedShard], shards: int, part_rows: int) -> Shuffle:
    """How to bring screened shards into so many ranges of the sample, in files of about `part_rows` rows at most."""
    parts = tuple(_parts(screened, part_rows))
    files = max(
        -(-sum(one.rows for one in screened) // part_rows),
        -(-sum(one.bytes for one in screened) // PART_BYTES),
        -(-shards // FAN),
        1,
    )
    per_narrow = -(-shards // min(files, shards))
    narrow = -(-shards // per_narrow)
    has_many = max(len(parts), narrow) > FAN
    return Shuffle(parts, shards, per_narrow, max(2, -(-narrow // FAN)) if has_many else 1)


def _parts(screened: Sequence[ScreenedShard], part_rows: int) -> list[range]:
    """Consecutive shards, as many as go into one part; one that is larger is a part by itself."""
    found, first, rows, size = list[range](), 0, 0, 0
    for number, shard in enumerate(screened):
        rows, size = rows + shard.rows, size + shard.bytes
        if number > first and (rows > part_rows or size > PART_BYTES):
            found.append(range(first, number))
            first, rows, size = number, shard.rows, shard.bytes
    return [*found, range(first, len(screened))]


def _cut(count: int, each: int) -> list[range]:
    return [range(first, min(first + each, count)) for first in range(0, count, each)]
