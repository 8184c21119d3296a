"""The bytes of recordings in a Parquet file, read row by row: those of all rows would not fit into memory.

Nothing that reads the rows themselves has a part in it, so that no change there makes a recording be encoded again.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow
import pyarrow.parquet

from sayso.manifests.errors import in_one_line
from sayso.stages.sources.files import File, all_bytes, open_stored
from sayso.stages.sources.stores import UnreadableFile

# A few pages at a time, and a few rows of them.
BUFFER, TOGETHER = 1 << 20, 8


def bytes_of_rows(file: File, columns: Sequence[str], numbers: Sequence[int]) -> Iterator[bytes | None]:
    """What the first of the columns that holds recordings has in the rows of these numbers (from 1, ascending).

    A row group is read up to the last of its rows that is wanted. Raises UnreadableFile where none of the columns holds
    recordings, or the file is broken; ChangedFile where it is not as it was surveyed.
    """
    waiting, before = [*reversed(numbers)], 0
    with _opened(file) as source:
        path = _path_of_bytes(file, source, columns)
        for group in range(source.num_row_groups):
            height = source.metadata.row_group(group).num_rows
            inside = []
            while waiting and waiting[-1] <= before + height:
                inside.append(waiting.pop() - before - 1)
            if inside:
                yield from _of_group(source, group, path, inside)
            before += height


@contextmanager
def _opened(file: File) -> Iterator[pyarrow.parquet.ParquetFile]:
    options = {"pre_buffer": False, "buffer_size": BUFFER}
    try:
        if file.compression != "none":
            yield pyarrow.parquet.ParquetFile(io.BytesIO(all_bytes(file)), **options)
            return
        with open_stored(file) as stream, pyarrow.parquet.ParquetFile(stream, **options) as source:
            yield source
    except (pyarrow.ArrowException, OSError) as error:
        raise UnreadableFile(f"{file.path}: its recordings cannot be read ({in_one_line(error)})") from error


def _of_group(
    source: pyarrow.parquet.ParquetFile, group: int, path: str, places: Sequence[int]
) -> Iterator[bytes | None]:
    """The values at these places (from 0, ascending) of a row group."""
    wanted, start = iter(places), 0
    place = next(wanted)
    for batch in source.iter_batches(batch_size=TOGETHER, row_groups=[group], columns=[path]):
        values = batch.column(0).field(0)
        while place < start + batch.num_rows:
            yield values[place - start].as_py()
            found = next(wanted, None)
            if found is None:
                return
            place = found
        start += batch.num_rows


def _path_of_bytes(file: File, source: pyarrow.parquet.ParquetFile, columns: Sequence[str]) -> str:
    stored = {source.schema.column(number).path for number in range(len(source.schema))}
    path = next((f"{column}.bytes" for column in columns if f"{column}.bytes" in stored), None)
    if path is None:
        raise UnreadableFile(f"{file.path}: none of the columns {', '.join(columns)} holds the bytes of recordings")
    return path
