"""The page of the public layouts: what comes of each, from reading its small file."""

from __future__ import annotations

from tests.docs.tables import code, table
from tests.stages.sources.public_layouts import Layout, layouts, read_layout

INTRODUCTION = """\
# Public layouts

The layouts that public instruction sets are written in, and how sayso reads each: by itself, with keys of the source
that map it, or not at all, with the sentence that says so. Each row of these tables is a small file in
`tests/stages/sources/layouts`, which a test reads and holds against the rows that must come out.
"""


def page() -> str:
    """The whole page."""
    by_itself, mapped, refused = (
        [layout for layout in layouts() if layout.is_read == how] for how in ("by itself", "with a mapping", "refused")
    )
    counts = (
        f"Of {len(layouts())} layouts {len(by_itself)} are read by themselves, {len(mapped)} with a mapping, and "
        f"{len(refused)} are refused.\n"
    )
    tables = {
        "Read by themselves": table(["layout", "sets", "schema", "first prompt → answer"], map(_read, by_itself)),
        "Read with a mapping": table(["layout", "sets", "the source says", "schema"], map(_mapped, mapped)),
        "Refused": table(["layout", "sets", "sentence"], map(_refused, refused)),
    }
    return "\n".join([INTRODUCTION, counts, *(f"## {heading}\n\n{each}\n" for heading, each in tables.items())])


def _read(layout: Layout) -> list[str]:
    came = read_layout(layout.name)
    first = next(row for row in came.rows if "prompt" in row)
    return [layout.title, layout.sets, f"`{came.schema}`", f"{code(first['prompt'])} → {code(first['answer'])}"]


def _mapped(layout: Layout) -> list[str]:
    said = "; ".join(f"`{key}: {_flow(value)}`" for key, value in layout.source.items())
    return [layout.title, layout.sets, said, f"`{read_layout(layout.name).schema}`"]


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return str(value)


def _refused(layout: Layout) -> list[str]:
    return [layout.title, layout.sets, (read_layout(layout.name).refused or "").replace("|", "\\|")]
