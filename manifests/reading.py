"""Read a table as it was recorded: the bytes that are parsed are the very bytes that were compared with the record."""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from polars.exceptions import PanicException
from xxhash import xxh3_64_hexdigest

from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.pieces import TAIL_BYTES, Piece, chunk_pieces, footer_piece
from sayso.manifests.row_groups import check_together
from sayso.manifests.storage import Storage, StoredFile

# Most footers are shorter, so that one look at the end of a file is enough.
_FOOTER_BYTES = 1 << 16
# An object of a store that is shorter is fetched whole: it takes less time than a second request.
_WHOLE_BYTES = 1 << 20
OTHER_BYTES = "is not as its record says"
MISSING = "is missing"


class DamagedShard(SaysoError):
    """Raised when a file of a shard is not as the shard's record says; names the stage, the shard and the file."""

    exit_code = ExitCode.NOT_TRUE

    def __init__(self, stage: str, shard: str, file: str, what: str) -> None:
        # All arguments are kept as they are, so that a worker can send it.
        super().__init__(stage, shard, file, what)
        self.stage, self.shard, self.file, self.what = stage, shard, file, what

    def __str__(self) -> str:
        return f"{self.file} of {self.stage}/{self.shard} {self.what}"


@contextmanager
def readable(table: StoredTable) -> Iterator[None]:
    """Take for damage what a library raises in this block, as it does for a table that was made wrong from the start.

    For questions about runs that others may have made: of our own a job would make such a shard again and again.
    """
    try:
        yield
    except (pa.ArrowException, pl.exceptions.PolarsError, PanicException, OSError, ValueError, MemoryError) as error:
        raise table.damaged(f"cannot be read as such a table ({type(error).__name__})") from error


@dataclass(frozen=True)
class Within:
    """The rows whose `column` is from `first` on and before `end`."""

    column: str
    first: str | int
    end: str | int


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
    def schema(self) -> pl.Schema:
        """The columns and their types, by the footer alone."""
        empty = pl.from_arrow(self._metadata.schema.to_arrow_schema().empty_table())
        assert isinstance(empty, pl.DataFrame)
        return empty.schema

    @property
    def columns(self) -> list[str]:
        names: list[str] = self._metadata.schema.to_arrow_schema().names
        return names

    def read(self, columns: Sequence[str] | None = None, within: Within | None = None) -> pl.DataFrame:
        """All columns or some, all rows or some; what is not needed for them is not read."""
        wanted = columns if columns is None or within is None else [*columns, within.column]
        end = b"" if "_footer" in vars(self) else self._fetch_end()
        rows = pl.scan_parquet(self._read(self._needed(wanted, within), end))
        if within is not None:
            rows = rows.filter((pl.col(within.column) >= within.first) & (pl.col(within.column) < within.end))
        return (rows if columns is None else rows.select(columns)).collect()

    def read_row_group(self, number: int, column: str) -> pl.Series:
        """A column of one row group, by its number; what is before and behind it is not read."""
        wanted = self._leaves.index(column)
        chunk = self._chunks[number * len(self._leaves) + wanted]
        # All but what is read stays without memory.
        held = mmap.mmap(-1, self.file.bytes)
        with self._opened() as file:
            file.seek(chunk.start)
            file.readinto(memoryview(held)[chunk.start : chunk.end])
        if xxh3_64_hexdigest(memoryview(held)[chunk.start : chunk.end]) != chunk.xxh3:
            raise self.damaged(OTHER_BYTES)
        content = pq.ParquetFile(pa.BufferReader(pa.py_buffer(held)), metadata=self._metadata)
        found = pl.from_arrow(content.read_row_group(number, [column])[column])
        assert isinstance(found, pl.Series)
        return found

    def check_size(self) -> None:
        """Raises TooLarge where all of it would take more memory than any table of verdicts does."""
        check_together(self._metadata, self.columns)

    def damaged(self, what: str) -> DamagedShard:
        return DamagedShard(self.stage, self.shard, self.file.name, what)

    def _needed(self, columns: Sequence[str] | None, within: Within | None) -> list[Piece]:
        """The column chunks that hold such columns of such rows."""
        wanted = [
            number
            for number, leaf in enumerate(self._leaves)
            if columns is None or any(leaf == name or leaf.startswith(f"{name}.") for name in columns)
        ]
        return [
            self._chunks[group * len(self._leaves) + number]
            for group in range(self._metadata.num_row_groups)
            if within is None or self._overlaps(group, within)
            for number in wanted
        ]

    def _read(self, pieces: Sequence[Piece], end: bytes) -> io.BytesIO:
        """The file with these pieces and its footer, each compared with its hash. What is between them is empty.

        `end`: what of the file's end is known, which is not read again.
        """
        held = io.BytesIO()
        known = end or self._footer
        held.seek(self.file.bytes - len(known))
        held.write(known)
        known_from = self.file.bytes - len(end)
        with self._opened() as file, held.getbuffer() as content:
            for run in self._runs([piece for piece in pieces if piece.start < known_from]):
                file.seek(run[0].start)
                file.readinto(content[run[0].start : run[-1].end])
            if any(xxh3_64_hexdigest(content[piece.start : piece.end]) != piece.xxh3 for piece in pieces):
                raise self.damaged(OTHER_BYTES)
        held.seek(0)
        return held

    def _runs(self, pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
        """The pieces that are read together: those without a gap, or all of them where each time is a request."""
        run: list[Piece] = []
        for piece in pieces:
            if run and self.storage.is_local and piece.start != run[-1].end:
                yield run
                run = []
            run.append(piece)
        if run:
            yield run

    def _overlaps(self, group: int, within: Within) -> bool:
        """Whether a row group may hold such rows, by its statistics."""
        found = self._metadata.row_group(group).column(self._leaves.index(within.column)).statistics
        if found is None or not found.has_min_max:
            return True
        return bool(found.max >= within.first and found.min < within.end)

    @cached_property
    def _footer(self) -> bytes:
        return self._footer_in(self._read_end(_FOOTER_BYTES))

    def _fetch_end(self) -> bytes:
        """The end of the file with its footer, which is known then; from a store all of a file that is short."""
        is_fetched_whole = not self.storage.is_local and self.file.bytes <= _WHOLE_BYTES
        end = self._read_end(_WHOLE_BYTES if is_fetched_whole else _FOOTER_BYTES)
        vars(self)["_footer"] = self._footer_in(end)
        return end

    def _read_end(self, expected: int) -> bytes:
        """The last bytes of the file, so many or all that it has, or its whole footer where that is longer."""
        size = self.file.bytes
        expected = min(size, expected)
        with self._opened() as file:
            file.seek(size - expected)
            # One byte more, so that a longer file is noticed.
            end = file.read(expected + 1)
            footer = footer_piece(self.file.pieces, end[-TAIL_BYTES:], size)
            if footer.end - footer.start > expected == len(end):
                file.seek(footer.start)
                expected = footer.end - footer.start
                end = file.read(expected + 1)
        if len(end) != expected:
            raise self.damaged(OTHER_BYTES)
        return end

    def _footer_in(self, end: bytes) -> bytes:
        footer = footer_piece(self.file.pieces, end[-TAIL_BYTES:], self.file.bytes)
        content = end[footer.start - footer.end :]
        if xxh3_64_hexdigest(content) != footer.xxh3:
            raise self.damaged(OTHER_BYTES)
        return content

    @cached_property
    def _metadata(self) -> pq.FileMetaData:
        return pq.read_metadata(pa.BufferReader(self._footer))

    @cached_property
    def _leaves(self) -> list[str]:
        """The path of each column in a row group; a list or a struct has one, or more, below its name."""
        schema = self._metadata.schema
        return [schema.column(number).path for number in range(self._metadata.num_columns)]

    @cached_property
    def _chunks(self) -> list[Piece]:
        return chunk_pieces(self.file.pieces, self._metadata, self.file.bytes - len(self._footer))

    @contextmanager
    def _opened(self) -> Iterator[io.BufferedIOBase | io.RawIOBase]:
        try:
            with self.storage.open(self.file.name) as opened:
                yield opened
        except FileNotFoundError:
            raise self.damaged(MISSING) from None
