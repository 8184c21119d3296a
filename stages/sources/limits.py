"""How much one row, one block and one file of a source may unpack to: a small file must not fill the memory."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from sayso.stages.sources.stores import UnreadableFile


class Limits(BaseModel):
    """The most that is unpacked of a source's files, in bytes: far above what instruction data has.

    A row that is larger falls out; anything else stops the run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text_bytes: int = Field(
        1 << 20,
        gt=0,
        description="of UTF-8 in all messages of one row; a larger one is dropped before a filter sees it: "
        "`row_too_large`",
    )
    row_bytes: int = Field(
        16 << 20,
        gt=0,
        description="of one row as it is read, in the columns that are read; a larger one is dropped: `row_too_large`",
    )
    shard_bytes: int = Field(1 << 30, gt=0, description="of the rows of a shard that Parquet keeps as a few texts")
    block_bytes: int = Field(
        4 << 30,
        gt=0,
        description="of what is only read whole: a packed Parquet file, a row group",
    )
    file_bytes: int = Field(256 << 30, gt=0, description="of one packed file, or the columns of one Parquet file")


USUAL = Limits()
# The reason of a row that is larger than a limit.
TOO_LARGE = "row_too_large"


def beyond(path: str, what: str, most: int, key: str) -> UnreadableFile:
    """The error for a file of which something is larger than the limit `key`."""
    return UnreadableFile(
        f"{path}: {what} more than {most:,} bytes; if it is meant to be so large, raise limits.{key} of its source, "
        "else leave the file out"
    )


def large_row(size: int, most: int) -> tuple[str, str]:
    """Reason and detail of a row that is larger, as it is read, than its source takes."""
    return TOO_LARGE, f"it has {size:,} bytes as it is read; the source takes {most:,} (limits.row_bytes)"
