"""Where rows lie in a file: chunks that can be reached by themselves, and ranges of rows in them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from sayso.stages.sources.formats.json_elements import Parting


class Chunk(BaseModel):
    """Consecutive rows of a file that can be reached without reading those before.

    The number of the first row, how many there are, for JSON the byte that they start at, how many bytes of memory
    they take, and for a JSON document how its rows are told apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: int
    rows: int
    offset: int
    bytes: int
    parting: Parting = "brackets"


class RowRange(BaseModel):
    """Consecutive rows of a file: from a chunk's first number and byte on, `skip` rows are passed, `rows` read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: int = 1
    rows: int
    offset: int = 0
    skip: int = 0
    parting: Parting = "brackets"

    @property
    def start(self) -> int:
        """How many numbers come before the first row, where each row has one."""
        return self.first - 1 + self.skip

    def part(self, start: int, rows: int) -> RowRange:
        """So many of its rows, of which the first is number `start`, from 0."""
        return self.model_copy(update={"skip": self.skip + start, "rows": rows})


def range_of(chunk: Chunk, rows: int, skip: int) -> RowRange:
    """So many rows from a chunk on, of which the first few are passed."""
    return RowRange(first=chunk.first, rows=rows, offset=chunk.offset, skip=skip, parting=chunk.parting)
