"""The pieces of a Parquet file that are read by themselves, its footer and each column chunk, and their fast hashes.

Whoever needs one column, or one range of rows, checks what it reads and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
from xxhash import xxh3_64_hexdigest

HASH_DIGITS = 16
# The length of the footer and the magic number, behind it.
TAIL_BYTES = 8


@dataclass(frozen=True)
class Piece:
    """A range of bytes, and the xxh3-64 that it has."""

    start: int
    end: int
    xxh3: str


def piece_hashes(content: bytes) -> str:
    """The hashes of a whole file's footer and of the column chunks before it, as one row of digits."""
    footer = footer_start(content[-TAIL_BYTES:], len(content))
    view = memoryview(content)
    ranges = [(footer, len(content)), *_chunks(pq.read_metadata(pa.BufferReader(content)), footer)]
    return "".join(xxh3_64_hexdigest(view[start:end]) for start, end in ranges)


def footer_start(tail: bytes, size: int) -> int:
    """Where the footer of a file of `size` bytes begins, as its last bytes tell; 0 where they tell nothing possible."""
    return max(0, size - TAIL_BYTES - int.from_bytes(tail[-TAIL_BYTES:-4], "little"))


def footer_piece(hashes: str, tail: bytes, size: int) -> Piece:
    """The footer, which ends with the last bytes of the file."""
    return Piece(footer_start(tail, size), size, hashes[:HASH_DIGITS])


def chunk_pieces(hashes: str, metadata: pq.FileMetaData, footer: int) -> list[Piece]:
    """What is before the footer, cut where a column chunk begins. Raises ValueError where there are fewer hashes."""
    each = [hashes[place : place + HASH_DIGITS] for place in range(HASH_DIGITS, len(hashes), HASH_DIGITS)]
    return [Piece(*place, digits) for place, digits in zip(_chunks(metadata, footer), each, strict=True)]


def _chunks(metadata: pq.FileMetaData, footer: int) -> list[tuple[int, int]]:
    starts = []
    for group in range(metadata.num_row_groups):
        columns = metadata.row_group(group)
        for number in range(columns.num_columns):
            chunk = columns.column(number)
            dictionary = chunk.dictionary_page_offset
            starts.append(chunk.data_page_offset if dictionary is None else min(dictionary, chunk.data_page_offset))
    # Behind a chunk there may be more that belongs to it, and before the first is the magic number.
    return list(pairwise([0, *sorted(starts)[1:], footer]))
