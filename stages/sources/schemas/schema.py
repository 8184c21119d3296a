"""What a schema is: which columns it needs and may have, how it is told from others, and how its rows are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions

# The columns that a conversion gives: what a row holds, and a reason with a detail where it is not whole or not wanted.
CONVERTED = ("messages", "prompt", "answer", "later_turns", "reasoning_characters", "reason", "detail")

SYSTEM = ("system", "system_prompt")


def is_text(value: object) -> bool:
    """Whether a value is text, or what can be written as one: an empty text is one, null and true are none."""
    return not isinstance(value, bool | list | dict | None)


@dataclass(frozen=True)
class Schema:
    """One way to write rows.

    `fields`: our fields, each with the columns that it is read from, the first that is there. `required`: those that a
    row needs, each with whether a value is right for it. `precedence`: of several schemas that fit a row, the one with
    the highest reads it, for it says more of the row. `convert`: rows as found → the columns `CONVERTED`, one line a
    row, in order (`converted_rows` has what most conversions are made of). `recordings`: of rows that people spoke, as
    found → where their recordings lie (`RECORDING`); None where a voice is to say them. `vague`: columns, as
    `plain_name` gives them, that the first field which a row needs may be in though their names say little: where the
    texts of such a column ask for nothing, a file has another schema, or none.
    """

    name: str
    fields: Mapping[str, tuple[str, ...]]
    required: Mapping[str, Callable[[object], bool]]
    precedence: int
    convert: Callable[[Fields, ReadingOptions, TurnDraws], pl.DataFrame]
    recordings: Callable[[Fields], pl.Series] | None = None
    vague: frozenset[str] = frozenset()

    def accepts(self, field: str, value: object) -> bool:
        """Whether a value is right for a field that a row needs."""
        try:
            return self.required[field](value)
        except Exception:  # a check that breaks at a value was not made for such a one
            return False
