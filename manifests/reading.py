"""Read a table as it was recorded: the bytes that are parsed are the very bytes that were compared with the record."""

from __future__ import annotations

import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from xxhash import xxh3_64_hexdigest

from manifests.pieces import TAIL_BYTES, Piece, chunk_pieces, footer_piece
from manifests.storage import Storage, StoredFile

# Most footers are shorter, so that one look at the end of a file is enough.
_FOOTER_BYTES = 1 << 16
OTHER_BYTES = "is not as its record says"
MISSING = "is missing"


class DamagedShard(RuntimeError):
    """Raised when a file of a shard is not as the shard's record says; names the stage, the shard and the file."""

    def __init__(self, stage: str, shard: str, file: str, what: str) -> None:
        # All arguments are kept as they are, so that a worker can send it.
        super().__init__(stage, shard, file, what)
        self.stage, self.shard, self.file, self.what = stage, shard, file, what

    def __str__(self) -> str:
        return f"{self.file} of {self.stage}/{self.shard} {self.what}"


@dataclass(frozen=True)
class Within:
    """The rows whose `column` is from `first` on and before `end`."""

    column: str
    first: str | int
    end: str | int

    @property
    def expression(self) -> pl.Expr:
        return (pl.col(self.column) >= self.first) & (pl.col(self.column) < self.end)


@dataclass(frozen=True)
class StoredTable:
    """A table in a Parquet file of a shard. Raises DamagedShard where what is read is not as recorded."""

    storage: Storage
    stage: str
    shard: str
    file: StoredFile

    @property
    def rows(self) -> int:
        return int(self._metadata.num_rows)

    @property
    def columns(self) -> list[str]:
        names: list[str] = self._metadata.schema.to_arrow_schema().names
        return names

    def read(self, columns: Sequence[str] | None = None, within: Within | None = None) -> pl.DataFrame:
        """All columns or some, all rows or some; what is not needed for them is not read."""
        groups = self._groups(within)
        if groups:
            wanted = columns if columns is None or within is None else list(dict.fromkeys([*columns, within.column]))
            with self._opened() as file:
                source = pa.PythonFile(_CheckedFile(file, self._chunks, self), mode="r")
                # Reads that lie close together become one, where each is a request.
                opened = pq.ParquetFile(source, metadata=self._metadata, pre_buffer=not self.storage.is_local)
                arrow = opened.read_row_groups(groups, columns=wanted, use_threads=False)
        else:
            arrow = self._metadata.schema.to_arrow_schema().empty_table()
        table = pl.from_arrow(arrow)
        assert isinstance(table, pl.DataFrame)
        table = table if within is None else table.filter(within.expression)
        return table if columns is None else table.select(columns)

    def damaged(self, what: str) -> DamagedShard:
        return DamagedShard(self.stage, self.shard, self.file.name, what)

    def _groups(self, within: Within | None) -> list[int]:
        """The row groups that may hold such rows, by their statistics."""
        groups = range(self._metadata.num_row_groups)
        if within is None:
            return list(groups)
        place = self.columns.index(within.column) if within.column in self.columns else None
        return [group for group in groups if place is None or self._overlaps(group, within)]

    def _overlaps(self, group: int, within: Within) -> bool:
        columns = self._metadata.row_group(group)
        for number in range(columns.num_columns):
            chunk = columns.column(number)
            if chunk.path_in_schema == within.column and chunk.statistics is not None and chunk.statistics.has_min_max:
                return bool(chunk.statistics.max >= within.first and chunk.statistics.min < within.end)
        return True

    @cached_property
    def _metadata(self) -> pq.FileMetaData:
        size = self.file.bytes
        expected = min(size, _FOOTER_BYTES)
        with self._opened() as file:
            file.seek(size - expected)
            # One byte more, so that a longer file is noticed.
            end = file.read(expected + 1)
            footer = footer_piece(self.file.pieces, end[-TAIL_BYTES:], size)
            if footer.end - footer.start > expected == len(end):
                file.seek(footer.start)
                expected = footer.end - footer.start
                end = file.read(expected + 1)
        content = end[footer.start - footer.end :]
        if len(end) != expected or xxh3_64_hexdigest(content) != footer.xxh3:
            raise self.damaged(OTHER_BYTES)
        return pq.read_metadata(pa.BufferReader(content))

    @cached_property
    def _chunks(self) -> list[Piece]:
        footer = self.file.bytes - TAIL_BYTES - self._metadata.serialized_size
        return chunk_pieces(self.file.pieces, self._metadata, footer)

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        try:
            opened = self.storage.open(self.file.name)
        except FileNotFoundError:
            raise self.damaged(MISSING) from None
        with opened:
            yield opened


class _CheckedFile(io.RawIOBase):
    """A file in which only whole pieces are read, each compared with its hash before anybody sees it."""

    def __init__(self, file: BinaryIO, pieces: Sequence[Piece], table: StoredTable) -> None:
        self._file = file
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self._table = table
        self._place = 0
        self._start, self._held = 0, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._table.file.bytes}[whence]
        self._place = base + offset
        return self._place

    def read(self, size: int = -1) -> bytes:
        first = self._place - self._start
        if first < 0 or first + size > len(self._held):
            self._fetch(self._place, self._place + size)
            first = self._place - self._start
        self._place += size
        return self._held[first : first + size]

    def _fetch(self, start: int, end: int) -> None:
        """Hold the pieces that cover a range; they lie one behind the other, up to the footer."""
        covering = self._pieces[bisect_right(self._starts, start) - 1 : bisect_left(self._starts, end)]
        first, last = covering[0].start, covering[-1].end
        self._file.seek(first)
        self._start, self._held = first, self._file.read(last - first)
        view = memoryview(self._held)
        for piece in covering:
            if xxh3_64_hexdigest(view[piece.start - first : piece.end - first]) != piece.xxh3:
                raise self._table.damaged(OTHER_BYTES)
