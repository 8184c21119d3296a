"""Written English on the left and what a voice is given on the right, held against what sayso makes of it."""

from __future__ import annotations

import polars as pl

from sayso.stages.screen.normalization import to_spoken


def spoken(written: str) -> str:
    """A prompt as it is said. Raises AssertionError where it cannot be said."""
    said, why = to_spoken(pl.Series([written])).row(0)
    assert why is None, why
    return said


def why_unspoken(written: str) -> str | None:
    """Why a prompt is left unsaid, None where it is said."""
    return to_spoken(pl.Series([written]))["unpronounceable"].item()
