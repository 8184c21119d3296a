"""What the reading found, from `labels.csv` beside this file: `python -m tests.benchmarks.reading.tables`.

A line of labels.csv is a row that was read: its id, source, verdict and reason, the `label` (`good`, or the rule of
docs/explanation/reading.md that it breaks), and `again`, the label of those that were read a second time, by somebody
who saw neither the first label nor the verdict.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

LABELS = Path(__file__).parent / "labels.csv"
GOOD = "good"


def read_labels() -> pl.DataFrame:
    """All rows that were read; `good` says how the first reader found them."""
    return pl.read_csv(LABELS).with_columns(good=pl.col("label") == GOOD)


def by_source(labels: pl.DataFrame) -> str:
    """Rows that were kept and dropped, and how many of each were good, by source and of all."""
    counts = [_counts(labels.filter(pl.col("source") == source), source) for source in labels["source"].unique().sort()]
    lines = ["| source | kept | of them good | dropped | of them good |", "| --- | ---: | ---: | ---: | ---: |"]
    return "\n".join([*lines, *counts, _counts(labels, "all")])


def by_rule(labels: pl.DataFrame) -> str:
    """How often each rule was the first that a row broke."""
    counts = (
        labels.group_by("label")
        .agg(kept=(pl.col("verdict") == "kept").sum(), dropped=(pl.col("verdict") != "kept").sum())
        .sort(pl.col("label") != GOOD, "label")
    )
    lines = ["| label | kept | dropped |", "| --- | ---: | ---: |"]
    return "\n".join([*lines, *(f"| {label} | {kept} | {dropped} |" for label, kept, dropped in counts.iter_rows())])


def by_reason(labels: pl.DataFrame) -> str:
    """The reasons for which good rows were dropped, and how many others were dropped for each."""
    dropped = labels.filter(pl.col("verdict") != "kept")
    counts = dropped.group_by("reason").agg(rows=pl.len(), good=pl.col("good").sum()).filter(pl.col("good") > 0)
    lines = ["| reason | dropped | of them good |", "| --- | ---: | ---: |"]
    found = counts.sort(pl.col("good"), "reason", descending=[True, False]).iter_rows()
    return "\n".join([*lines, *(f"| `{reason}` | {rows} | {good} |" for reason, rows, good in found)])


def agreement(labels: pl.DataFrame) -> tuple[int, int, int]:
    """Rows that were read twice, those found good or bad by both readers alike, and those with one label by both."""
    twice = labels.filter(pl.col("again").is_not_null())
    return (
        twice.height,
        twice.filter(pl.col("good") == (pl.col("again") == GOOD)).height,
        twice.filter(pl.col("label") == pl.col("again")).height,
    )


def _counts(labels: pl.DataFrame, name: str) -> str:
    kept, dropped = labels.filter(pl.col("verdict") == "kept"), labels.filter(pl.col("verdict") != "kept")
    shares = [f"{part.height} | {_share(part)}" for part in (kept, dropped)]
    return f"| {name} | {' | '.join(shares)} |"


def _share(labels: pl.DataFrame) -> str:
    return f"{labels['good'].sum()} ({labels['good'].mean():.0%})" if labels.height else "–"


if __name__ == "__main__":
    found = read_labels()
    print(by_source(found), by_rule(found), by_reason(found), sep="\n\n")
    twice, alike, same = agreement(found)
    print(f"\nOf {twice} that were read twice, {alike} are good or bad to both readers alike, {same} by the same rule.")
