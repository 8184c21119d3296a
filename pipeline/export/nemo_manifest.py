"""NeMo's tarred dataset: archives of recordings, and manifests that say of each how long it is and what is said in it.

Manifests come twice, as NeMo's own programs write them: one for each archive, and one of all for loaders that take one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import polars as pl

from sayso.pipeline.export.format import Format, Index, SplitFiles
from sayso.pipeline.export.format_names import NEMO
from sayso.pipeline.export.recordings import with_recordings
from sayso.pipeline.export.row_fields import APART, fields_without, json_lines, said
from sayso.pipeline.export.tar_members import add_member, new_archive

_BLOCK_BYTES = 1 << 20


def _shard_names(number: int) -> tuple[str, ...]:
    # NeMo knows archives and manifests that belong together by the number in these names.
    return f"sharded_manifests/manifest_{number}.json", f"audio_{number}.tar"


def _write(parts: Iterable[pl.DataFrame], number: int, files: Sequence[BinaryIO]) -> None:
    manifest, tar_file = files
    with new_archive(tar_file) as archive:
        for part in parts:
            rows = with_recordings(part)
            for row_id, content in zip(rows["id"], rows["flac"], strict=True):
                add_member(archive, f"{row_id}.flac", content)
            manifest.writelines(f"{line}\n".encode() for line in json_lines(rows, _entry(rows, number)))


def _entry(rows: pl.DataFrame, number: int) -> list[pl.Expr]:
    return [
        (pl.col("id") + ".flac").alias("audio_filepath"),
        pl.col("seconds").alias("duration"),
        said(rows).alias("text"),
        pl.col("rate").alias("sampling_rate"),
        *([pl.col("language").alias("lang")] if "language" in rows.columns else []),
        *([pl.col("voice").alias("speaker")] if "voice" in rows.columns else []),
        pl.lit(number).alias("shard_id"),
        *map(pl.col, fields_without(rows, {*APART, "duration"})),
    ]


def _indexes(folder: Path, splits: Sequence[SplitFiles]) -> Iterator[Index]:
    for split in splits:
        manifests = [folder / names[0] for names in split.shards]
        yield f"{split.name}/tarred_audio_manifest.json", _blocks_of(manifests)


def _blocks_of(files: Sequence[Path]) -> Iterator[bytes]:
    for path in files:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                yield block


NEMO_MANIFEST = Format(
    name=NEMO,
    needs_audio=True,
    shard_names=_shard_names,
    write=_write,
    opened=lambda folder: (
        "from glob import glob; from nemo.collections.common.data.lhotse.nemo_adapters import "
        f"LazyNeMoTarredIterator; print(next(iter(LazyNeMoTarredIterator({folder + '/tarred_audio_manifest.json'!r}, "
        f"glob({folder + '/audio_*.tar'!r})))))"
    ),
    indexes=_indexes,
)
