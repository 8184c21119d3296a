"""The layouts in which public sets are written: for each a small file, and what must come of its rows.

`layouts/NAME.yaml` describes `layouts/NAME.SUFFIX`: its `title`, the public `sets` that are written so, the keys of a
`source` that it is read with beside name and paths, and the `rows` in the order of the file, or the sentence with which
the file is `refused`. A row is its `prompt`, `answer` and `messages` (a role and its content each), and `later_turns`
(a prompt and its answer each) where it has some; or the `reason` and the `detail` with which it is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import polars as pl
import yaml

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError

FOLDER = Path(__file__).parent / "layouts"
# So many turns of a conversation are read, as in a recipe whose mixture asks for some.
MOST_TURNS = 4


@dataclass(frozen=True)
class Layout:
    """One way in which public sets are written, with what comes of it."""

    name: str
    file: str
    title: str
    sets: str
    source: dict[str, Any]
    rows: list[dict[str, Any]]
    refused: str | None

    @property
    def is_read(self) -> Literal["by itself", "with a mapping", "refused"]:
        if self.refused:
            return "refused"
        return "with a mapping" if self.source else "by itself"


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts, by name."""
    return tuple(_layout(path) for path in sorted(FOLDER.glob("*.yaml")))


def _layout(path: Path) -> Layout:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    (file,) = (found.name for found in FOLDER.glob(f"{path.stem}.*") if found != path)
    return Layout(
        path.stem, file, said["title"], said["sets"], said.get("source", {}), said.get("rows", []), said.get("refused")
    )


@dataclass(frozen=True)
class WhatCame:
    """What comes of a layout's file: the schema that it is read by and its rows, or the sentence that refuses it."""

    schema: str | None
    rows: list[dict[str, Any]]
    refused: str | None


@cache
def read_layout(name: str) -> WhatCame:
    """The file of a layout as sayso reads it."""
    layout = next(layout for layout in layouts() if layout.name == name)
    return read_source(layout, layout.file, FOLDER)


def read_source(layout: Layout, file: str, folder: Path) -> WhatCame:
    """A file in a folder as sayso reads it with what a layout says of its source."""
    source = Source(name=layout.name, paths=(file,), **layout.source)
    try:
        shards = plan_shards(source, folder, most_turns=MOST_TURNS)
        outcomes = [ingest(shard) for shard in shards]
    except SourceError as error:
        return WhatCame(None, [], str(error).removeprefix(f"{folder}/"))
    rows = {row["id"]: row for outcome in outcomes for row in outcome.rows.to_dicts()}
    verdicts = pl.concat([outcome.verdicts for outcome in outcomes]).to_dicts()
    mapping = shards[0].slices[0].mapping
    return WhatCame(mapping.name if mapping else None, [_row(verdict, rows) for verdict in verdicts], None)


def _row(verdict: dict[str, Any], rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    row = rows.get(verdict["id"])
    if row is None:
        return {"reason": verdict["reason"], "detail": verdict["detail"]}
    said = {
        "prompt": row["prompt"],
        "answer": row["answer"],
        "messages": [{message["role"]: message["content"]} for message in row["messages"]],
    }
    later = [{turn["prompt"]: turn["answer"]} for turn in row["later_turns"] or ()]
    return {**said, "later_turns": later} if later else said
