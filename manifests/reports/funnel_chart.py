"""The funnel as a picture: one bar a stage, what went on beside what was lost."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sayso.manifests.reports.funnel import StageFlow

BAR_LEFT, BAR_WIDTH, ROW_HEIGHT = 120, 420, 44
KEPT_COLOR, LOST_COLOR, INK = "#2a7f9e", "#e3c9a8", "#22303a"


def funnel_svg(flows: Sequence[StageFlow], title: str) -> str:
    """An SVG of the funnel. Text is escaped; widths are shares of the rows that came into the first stage."""
    most = max([flow.rows_in for flow in flows], default=0) or 1
    bars = "".join(_bar(flow, place, most) for place, flow in enumerate(flows))
    height = 44 + ROW_HEIGHT * len(flows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}">'
        f'<rect width="760" height="{height}" fill="#ffffff"/>'
        f'<text x="16" y="26" font-size="16" font-weight="600">{escape(title)}</text>{bars}</svg>\n'
    )


def _bar(flow: StageFlow, place: int, most: int) -> str:
    top = 44 + place * ROW_HEIGHT
    rows_in, rows_out = BAR_WIDTH * flow.rows_in / most, BAR_WIDTH * flow.rows_out / most
    largest = ", ".join(f"{loss.reason} {loss.rows:,}" for loss in flow.losses[:3])
    return (
        f'<text x="{BAR_LEFT - 8}" y="{top + 15}" text-anchor="end">{escape(flow.stage)}</text>'
        f'<rect x="{BAR_LEFT}" y="{top}" width="{rows_in:.1f}" height="20" rx="3" fill="{LOST_COLOR}"/>'
        f'<rect x="{BAR_LEFT}" y="{top}" width="{rows_out:.1f}" height="20" rx="3" fill="{KEPT_COLOR}"/>'
        f'<text x="{BAR_LEFT + rows_in + 8:.1f}" y="{top + 15}">{flow.rows_out:,} of {flow.rows_in:,}</text>'
        f'<text x="{BAR_LEFT}" y="{top + 34}" font-size="11" fill="#6b7780">{escape(largest)}</text>'
    )
