"""Clusters of duplicates for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich.console
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sayso.pipeline.cli.tables import cut

if TYPE_CHECKING:
    from sayso.stages.deduplicate.largest_clusters import Cluster, Clusters, Member

# What a row that stays came before others by.
BEFORE = {
    "source": "by its source, which the recipe names first",
    "clean_answer": "by a clean answer",
    "answer_length": "by an answer that is not too long, or less so",
    "draw": "by the draw",
}
SHOWN_OF_PROMPT = 300


def cluster_list(found: Clusters) -> Group:
    """Each cluster: its counts and sources, the row that stays and why, and some of those that fell out."""
    parts: list[rich.console.RenderableType] = []
    for cluster in found.clusters:
        sources = ", ".join(f"{source} {rows:,}" for source, rows in cluster.sources.items())
        head = f"{cluster.rows:,} rows: {cluster.exact:,} exact and {cluster.near:,} near duplicates of one"
        parts += [Text.assemble((head, "bold"), f"\nfrom {sources}"), _rows(cluster), ""]
    if not found.of:
        return Group(Text("no row fell out as a duplicate"))
    clusters = f"{found.of:,} {'cluster' if found.of == 1 else 'clusters'}"
    return Group(*parts, Text(f"{len(found.clusters):,} of {clusters}; {found.rows_lost:,} rows fell out of them all"))


def _rows(cluster: Cluster) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("[bold]stays[/]", _row(cluster.stays))
    why = ", ".join(f"{rows:,} {BEFORE[name]}" for name, rows in cluster.before.items())
    if why:
        table.add_row("  before", Text(why))
    for member in cluster.fell_out:
        table.add_row(f"{member.similarity:.3f}", _row(member))
    return table


def _row(member: Member) -> Text:
    prompt = "" if member.prompt is None else f"\n{cut(member.prompt.strip(), SHOWN_OF_PROMPT)}"
    return Text(f"{member.id}  {member.source}  {member.position}{prompt}")
