"""The pictures of a dataset card."""

from __future__ import annotations

from sayso.manifests.reports.funnel_chart import funnel_svg
from sayso.stages.publish.bar_chart import bar_chart
from sayso.stages.publish.card_content import CardContent
from sayso.stages.publish.summarize import ERRORS, SECONDS


def pictures(content: CardContent) -> dict[str, bytes]:
    """The card's pictures, SVG files by name."""
    summary = content.summary
    seconds = [*(f"{edge - 2}–{edge}" for edge in SECONDS), f"> {SECONDS[-1]}"]
    errors = ["0", *(f"≤ {edge:.0%}" for edge in ERRORS[1:]), f"> {ERRORS[-1]:.0%}"]
    return {
        "funnel.svg": funnel_svg(content.flows, f"{content.title}: from source rows to published rows").encode(),
        "lengths.svg": bar_chart("How long the rows are", "seconds of speech", seconds, summary.lengths),
        "errors.svg": bar_chart("How well the tokens decode", "word error rate", errors, summary.errors),
    }
