"""What is printed passes here: text from rows, sources and other people's plans is shown, and steers no terminal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import rich.console
from rich.segment import Segment
from rich.text import Text

if TYPE_CHECKING:
    import polars as pl

# Controls of both sets but the end of a line, what turns the direction of writing, separators that terminals take for
# ends of lines, and halves of surrogate pairs, which no terminal takes.
_STEERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def visible(text: str) -> str:
    """A text in which what would steer a terminal is written out, such as `\\x1b` for an escape."""
    return _STEERS.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class Console(rich.console.Console):
    """Rich's console, which writes out what would steer the terminal in any text that it prints."""

    def render(
        self, renderable: rich.console.RenderableType, options: rich.console.ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of anything printed; those by which rich itself moves the cursor stay as they are."""
        if isinstance(renderable, Text) and (text := visible(renderable.plain)) != renderable.plain:
            # Longer than the room that was measured for it, so it is folded rather than cut off.
            renderable = renderable.copy()
            renderable.plain, renderable.overflow, renderable.no_wrap = text, "fold", False
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def to_json(answer: object) -> str:
    """A model, or several, as JSON whose strings have nothing that would steer a terminal."""
    from pydantic import BaseModel

    if isinstance(answer, BaseModel):
        answer = answer.model_dump(mode="json")
    elif isinstance(answer, list | tuple):
        answer = [item.model_dump(mode="json") if isinstance(item, BaseModel) else item for item in answer]
    # JSON has its own way to write such a character out.
    return _STEERS.sub(
        lambda found: f"\\u{ord(found[0]):04x}", json.dumps(answer, ensure_ascii=False, indent=1, default=str)
    )


def to_csv(answer: pl.DataFrame) -> str:
    """A table as CSV, lists and structs as JSON in it. On a terminal nothing in it steers; files get all as it is."""
    nested = [name for name, dtype in answer.schema.items() if dtype.is_nested()]
    for name in nested:
        column = answer.get_column_index(name)
        as_json = [json.dumps(value, default=str) for value in answer[name].to_list()]
        answer = answer.drop(name).insert_column(column, type(answer[name])(name, as_json))
    text = answer.write_csv()
    return visible(text) if sys.stdout.isatty() else text
