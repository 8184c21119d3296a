"""Recordings in files of their own, named by the rows of another file: found beside it, and known by their content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import polars as pl

from sayso.stages.rows.recordings import IS_RECORDED, RECORDING
from sayso.stages.sources.checked_bytes import hash_of
from sayso.stages.sources.files import File
from sayso.stages.sources.schemas.layouts.recorded_speech import AUDIO_SUFFIXES, NO_RECORDING_THERE

# Where Common Voice has the files that its lists name.
CLIPS = "clips"


def with_content(rows: pl.DataFrame, files: Sequence[File], contents: Sequence[str]) -> pl.DataFrame:
    """Rows (`slice`, `recording`, `reason`, `detail`) with the content of their recordings.

    `slice` counts the files that they are from, and `contents` stand for these. A recording that is not there has the
    reason `no_recording`. Each file of a recording is read once, to hash it.
    """
    recorded = rows.select(IS_RECORDED & pl.col("reason").is_null()).to_series().arg_true()
    if recorded.is_empty():
        return rows
    found = rows[recorded].select("slice", pl.col("recording").struct.unnest()).rows()
    recordings: list[dict[str, str | None] | None] = []
    faults: list[str | None] = []
    for number, path, _, speaker in found:
        try:
            place, content = _inside(files[number], contents[number]) if path is None else _look_up(files[number], path)
            recordings.append({"path": place, "content": content, "speaker": speaker})
            faults.append(None)
        except OSError as error:
            recordings.append(None)
            faults.append(str(error))
    none = pl.repeat(None, rows.height, dtype=pl.String, eager=True)
    details = none.scatter(recorded, pl.Series(faults, dtype=pl.String))
    places = pl.DataFrame({"row": recorded, "recording": pl.Series(recordings, dtype=RECORDING)})
    numbered = rows.drop("recording").with_row_index("row").join(places, on="row", how="left", maintain_order="left")
    missing = pl.lit(details).is_not_null()
    return numbered.drop("row").with_columns(
        pl.when(missing).then(pl.lit(NO_RECORDING_THERE)).otherwise("reason").alias("reason"),
        pl.when(missing).then(pl.lit(details)).otherwise("detail").alias("detail"),
    )


def _inside(file: File, content: str) -> tuple[None, str]:
    """The same of a recording in its row, known by its whole file. Raises OSError where that cannot hold any."""
    if file.format != "parquet":
        raise OSError(f"a row of {file.format} cannot hold the bytes of a recording; let it name the recording's file")
    return None, content


def _look_up(file: File, name: str) -> tuple[str, str]:
    """Where the recording of this name lies, seen from the folder of the file that names it, and its content.

    Raises OSError, whose message says what is wrong.
    """
    if file.is_remote:
        raise OSError(f"{_shown(name)} is a file of its own in a store; fetch the folder and name it here")
    wanted, folder = PurePosixPath(name), Path(file.path).parent
    if wanted.is_relative_to(folder):
        wanted = wanted.relative_to(folder)
    if wanted.is_absolute() or ".." in wanted.parts or "\0" in name:
        raise OSError(f"{_shown(name)} leads out of the folder of {file.name}; name it as seen from there")
    same = (wanted, *(wanted.with_suffix(suffix) for suffix in AUDIO_SUFFIXES if suffix != wanted.suffix))
    for place in (*same, PurePosixPath(CLIPS, wanted)):
        if (folder / place).is_file():
            try:
                with (folder / place).open("rb") as stream:
                    return str(place), hash_of(stream)
            except OSError as error:
                raise OSError(f"{_shown(name)} cannot be read: {error.strerror}") from None
    raise OSError(f"{_shown(name)} is not there, beside {file.name}")


def _shown(name: str) -> str:
    return repr(name if len(name) <= 120 else name[:120] + "…")
