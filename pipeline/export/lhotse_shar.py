"""Lhotse's Shar: cuts as JSON lines, and beside them the recordings of the same cuts in a tar archive.

So `CutSet.from_shar` reads it. Each recording is followed by what describes it.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from typing import BinaryIO

import polars as pl

from sayso.pipeline.export.format import Format
from sayso.pipeline.export.format_names import LHOTSE
from sayso.pipeline.export.recordings import with_recordings
from sayso.pipeline.export.row_fields import APART, fields_without, json_lines, said
from sayso.pipeline.export.tar_members import add_member, new_archive

# Fields that a cut or its supervision has under these names.
_OF_CUT = ("id", "duration")


def _shard_names(number: int) -> tuple[str, ...]:
    return f"cuts.{number:06d}.jsonl.gz", f"recording.{number:06d}.tar"


def _write(parts: Iterable[pl.DataFrame], number: int, files: Sequence[BinaryIO]) -> None:
    cut_file, tar_file = files
    with gzip.GzipFile("", "wb", fileobj=cut_file, mtime=0) as cuts, new_archive(tar_file) as archive:
        for part in parts:
            rows = with_recordings(part)
            described = json_lines(rows, _recording())
            for row_id, content, description in zip(rows["id"], rows["flac"], described, strict=True):
                add_member(archive, f"{row_id}.flac", content)
                add_member(archive, f"{row_id}.json", description.encode())
            cuts.writelines(f"{line}\n".encode() for line in json_lines(rows, _cut(rows)))


def _recording() -> list[pl.Expr]:
    """A recording whose samples are found in the archive."""
    channels = pl.int_ranges(pl.col("channels"))
    source = pl.struct(type=pl.lit("shar"), channels=channels, source=pl.lit(""))
    return [
        pl.col("id"),
        pl.concat_list(source).alias("sources"),
        pl.col("rate").alias("sampling_rate"),
        pl.col("frames").alias("num_samples"),
        pl.col("seconds").alias("duration"),
        channels.alias("channel_ids"),
    ]


def _cut(rows: pl.DataFrame) -> list[pl.Expr]:
    """A cut of a whole recording, with what is said as its supervision, and the row's columns as custom fields."""
    place = [pl.lit(0.0).alias("start"), pl.col("seconds").alias("duration"), pl.lit(0).alias("channel")]
    supervision = pl.struct(
        "id",
        pl.col("id").alias("recording_id"),
        *place,
        said(rows).alias("text"),
        *([pl.col("language")] if "language" in rows.columns else []),
        *([pl.col("voice").alias("speaker")] if "voice" in rows.columns else []),
    )
    return [
        pl.col("id"),
        *place,
        pl.concat_list(supervision).alias("supervisions"),
        pl.struct(_recording()).alias("recording"),
        pl.struct(fields_without(rows, {*APART, *_OF_CUT})).alias("custom"),
        pl.lit("MonoCut").alias("type"),
    ]


LHOTSE_SHAR = Format(
    name=LHOTSE,
    needs_audio=True,
    shard_names=_shard_names,
    write=_write,
    opened=lambda folder: f"from lhotse import CutSet; print(next(iter(CutSet.from_shar(in_dir={folder!r}))))",
)
