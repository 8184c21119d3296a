"""WebDataset's shards: tar archives in which the files of a row lie together, its recording and its columns as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

import polars as pl

from sayso.pipeline.export.format import Format
from sayso.pipeline.export.format_names import WEBDATASET
from sayso.pipeline.export.row_fields import fields_without, json_lines
from sayso.pipeline.export.tar_members import add_member, new_archive


def _shard_names(number: int) -> tuple[str, ...]:
    return (f"{number:06d}.tar",)


def _write(parts: Iterable[pl.DataFrame], number: int, files: Sequence[BinaryIO]) -> None:
    with new_archive(files[0]) as archive:
        for rows in parts:
            described = json_lines(rows, fields_without(rows, ("audio",)))
            recordings = rows["audio"].struct.field("bytes")
            for row_id, content, description in zip(rows["id"], recordings, described, strict=True):
                add_member(archive, f"{row_id}.flac", content)
                add_member(archive, f"{row_id}.json", description.encode())


WEBDATASET_SHARDS = Format(
    name=WEBDATASET,
    needs_audio=True,
    shard_names=_shard_names,
    write=_write,
    opened=lambda folder: (
        "from glob import glob; import webdataset; print(next(iter(webdataset.WebDataset("
        f"sorted(glob({folder + '/*.tar'!r})), shardshuffle=False).decode()))['json'])"
    ),
)
