"""How long recordings are, by the first bytes of their FLAC files."""

from __future__ import annotations

import polars as pl

from sayso.manifests.errors import ExitCode, SaysoError

# https://www.rfc-editor.org/rfc/rfc9639: the marker, then the block with the stream's facts, of this size and first.
_START = b"fLaC"
_FACTS_AT, _FACTS_END = 18, 26


class NotARecording(SaysoError):
    """Raised for a row whose audio is no FLAC file with a length."""

    exit_code = ExitCode.NOT_TRUE


def with_recordings(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that have `audio`, with `flac` (its bytes), `rate`, `channels` and `frames` (samples of each channel).

    `seconds` is `frames` / `rate`: exact, where `duration` is what the row's tokens say. Raises NotARecording.
    """
    files = rows["audio"].struct.field("bytes")
    facts = [_facts_of(*found) for found in zip(rows["id"], files, strict=True)]
    table = pl.DataFrame(facts, schema={"rate": pl.Int64, "channels": pl.Int64, "frames": pl.Int64}, orient="row")
    return rows.with_columns(files.alias("flac"), *table, seconds=table["frames"] / table["rate"])


def _facts_of(row_id: str, content: bytes) -> tuple[int, int, int]:
    """The rate, the number of channels, and the number of samples of each."""
    facts = int.from_bytes(content[_FACTS_AT:_FACTS_END], "big")
    rate, channels, frames = facts >> 44, (facts >> 41 & 7) + 1, facts & (1 << 36) - 1
    if not content.startswith(_START) or len(content) < _FACTS_END or not rate or not frames:
        raise NotARecording(f"row {row_id}: its audio is no FLAC file that says how long it is; publish the rows again")
    return rate, channels, frames
