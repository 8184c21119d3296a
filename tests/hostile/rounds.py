"""Rounds of hostile rows: a file in each schema and format, and what must be true of their way through the stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from sayso.filters.judging import FILTER_ERROR
from sayso.manifests.verdicts import KEPT
from sayso.stages.screen.screen import Screen
from tests.hostile.rows import KINDS, WHOLE, draw_file, good_alone
from tests.hostile.way import Account, judged, positions

FILES: tuple[tuple[str, str], ...] = tuple((schema, kind) for schema in WHOLE for kind in KINDS)
ROWS = 100
LONGEST_DETAIL = 1_000


def faults(
    seed: int, files: Sequence[tuple[str, str]], config: Screen, folder: Path, account: Account
) -> Iterator[str]:
    """What is wrong with the verdicts on one round of rows, each in a sentence; `folder` is empty."""
    drawn = [draw_file(seed, schema, kind, ROWS) for schema, kind in files]
    alone = [good_alone(schema, kind, ROWS) for schema, kind in files]
    for name in ("mixed", "alone"):
        (folder / name).mkdir()
    found = judged(drawn, folder / "mixed", config, account)
    expected = judged(alone, folder / "alone", config, Account())
    if found.height != ROWS * len(files):
        yield f"{ROWS * len(files)} rows came in, and {found.height} have a verdict"
    for stage in ("", "screen."):
        verdict, reason, detail = (pl.col(f"{stage}{name}") for name in ("verdict", "reason", "detail"))
        unexplained = found.filter((verdict != KEPT) & reason.is_null())
        yield from (f"{position} is dropped without a reason" for position in unexplained["position"])
        long = found.filter(detail.str.len_chars() > LONGEST_DETAIL)
        yield from (f"the detail on {position} is long" for position in long["position"])
    broken = found.filter(pl.col("screen.reason") == FILTER_ERROR)
    yield from (
        f"a filter fails on {row}: {detail}" for row, detail in broken.select("position", "screen.detail").rows()
    )
    beside, without = _of(positions(drawn), found), _of(positions(alone), expected)
    if not beside.equals(without):
        yield "a good row is judged in another way beside hostile ones"
    if (beside["screen.verdict"] != KEPT).any():
        yield "a good row is dropped"


def _of(places: Sequence[str], verdicts: pl.DataFrame) -> pl.DataFrame:
    """What was decided and measured of the rows at these places."""
    named = pl.DataFrame({"position": places})
    return named.join(verdicts, on="position", how="left", maintain_order="left").drop("position", "id")
