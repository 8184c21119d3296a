"""Where the recordings of rows lie, and their bytes: what was surveyed, and nothing else that lies there by now."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

import polars as pl

from sayso.manifests.ledger import Ledger
from sayso.stages.sources.checked_bytes import ChangedFile, hash_of
from sayso.stages.sources.files import File
from sayso.stages.sources.formats.parquet_bytes import bytes_of_rows
from sayso.stages.sources.stores import UnreadableFile


@dataclass(frozen=True)
class RecordedFile:
    """A file of a source whose rows are recorded speech, and the columns that may hold the recordings."""

    source: str
    file: File
    columns: tuple[str, ...]


class Place(NamedTuple):
    """Where a recording lies: file and row, and, where it is a file of its own, its path and content."""

    source: str
    name: str
    number: int
    path: str | None
    content: str


class NoRecording(Exception):
    """One recording cannot be read; the message says why."""


def place_of(source: str, position: str, recording: Mapping[str, str | None]) -> Place:
    """The place of a row's recording."""
    name, _, number = position.rpartition(":")
    return Place(source, name, int(number), recording["path"], recording["content"] or "")


def in_file_order(place: Place) -> tuple[str, str, bool, int]:
    """What sorts places so that those in one file come together, as they lie there, apart from those beside it."""
    return place.source, place.name, place.path is None, place.number


def open_recordings(places: Sequence[Place], files: Sequence[RecordedFile]) -> Iterator[BinaryIO | NoRecording]:
    """The bytes of recordings, one after the other, in the order of their places, which is that of their files.

    Each is to be read before the next is asked for. A file that holds several is opened once, and no row group of it
    read twice. Raises ChangedFile where one is no longer what was surveyed.
    """
    known = {(each.source, each.file.name): each for each in files}
    for of_file, same in groupby(places, key=lambda place: in_file_order(place)[:3]):
        found, inside = known[of_file[:2]], [*same]
        yield from (_inside if of_file[2] else _beside)(found, inside)


def path_beside(found: RecordedFile, place: Place) -> Path:
    """The file of a recording that has one of its own."""
    return Path(found.file.path).parent / (place.path or "")


def _inside(found: RecordedFile, places: Sequence[Place]) -> Iterator[BinaryIO | NoRecording]:
    read = 0
    try:
        for content in bytes_of_rows(found.file, found.columns, [place.number for place in places]):
            read += 1
            yield (
                NoRecording("the row has the name of a recording, and not its bytes")
                if content is None
                else (io.BytesIO(content))
            )
    except UnreadableFile as error:
        for _ in places[read:]:
            yield NoRecording(str(error))


def _beside(found: RecordedFile, places: Sequence[Place]) -> Iterator[BinaryIO]:
    for place in places:
        path = path_beside(found, place)
        try:
            with path.open("rb") as stream:
                if hash_of(stream) != place.content:
                    raise ChangedFile(str(path))
                stream.seek(0)
                yield stream
        except FileNotFoundError:
            raise ChangedFile(str(path)) from None


def forget_rows_of(ledger: Ledger, rows: pl.DataFrame, files: Sequence[RecordedFile], changed: str) -> None:
    """Take for not done what was surveyed and read of a file that is another by now, given by its path.

    `rows` (`id`, `source`, `position`, `recording`) are those of the shard in which that was noticed.
    """
    known = {(each.source, each.file.name): each for each in files}
    gone: dict[tuple[str, str], set[str]] = {}
    for row_id, source, position, recording in rows.select("id", "source", "position", "recording").rows():
        place = place_of(source, position, recording)
        found = known[place[:2]]
        if changed == (found.file.path if place.path is None else str(path_beside(found, place))):
            gone.setdefault(place[:2], set()).add(row_id)
    for (source, name), ids in gone.items():
        for stage, column, wanted in (("survey", "name", {name}), ("ingest", "id", ids)):
            for shard, _ in [*ledger.recorded_shards(stage)]:
                of_source = shard.rpartition("-")[0] == source
                if of_source and wanted.intersection(ledger.rows(stage, [shard], [column])[column]):
                    ledger.forget(stage, shard)
