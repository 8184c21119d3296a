"""A bar chart as a picture, for a dataset card."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

LEFT, TOP, WIDTH, HEIGHT = 24, 52, 712, 180
BAR_COLOR, INK, FAINT = "#2a7f9e", "#22303a", "#6b7780"


def bar_chart(title: str, axis: str, labels: Sequence[str], counts: Sequence[int]) -> bytes:
    """An SVG of one bar for each label; `axis` says what the labels measure. Text is escaped."""
    most, step = max(counts, default=0) or 1, WIDTH / max(1, len(counts))
    bars = "".join(
        _bar(LEFT + place * step, step, HEIGHT * count / most, label, count)
        for place, (label, count) in enumerate(zip(labels, counts, strict=True))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {TOP + HEIGHT + 48}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="11" fill="{INK}">'
        f'<rect width="760" height="{TOP + HEIGHT + 48}" fill="#ffffff"/>'
        f'<text x="16" y="26" font-size="16" font-weight="600">{escape(title)}</text>{bars}'
        f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 38}" text-anchor="middle" fill="{FAINT}">'
        f"{escape(axis)}</text></svg>\n"
    ).encode()


def _bar(left: float, step: float, height: float, label: str, count: int) -> str:
    middle, top = left + step / 2, TOP + HEIGHT - height
    return (
        f'<rect x="{left + step * 0.1:.1f}" y="{top:.1f}" width="{step * 0.8:.1f}" height="{height:.1f}" rx="2" '
        f'fill="{BAR_COLOR}"/>'
        f'<text x="{middle:.1f}" y="{top - 5:.1f}" text-anchor="middle" fill="{FAINT}">{count:,}</text>'
        f'<text x="{middle:.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{escape(label)}</text>'
    )
