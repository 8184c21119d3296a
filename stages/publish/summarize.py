"""Summarize: what the published rows are like, as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.stages.rows.recordings import RECORDED

COLUMNS = ("source", "kind", "language", "voice", "duration", "wer", "taken_out")
# Upper edges, each in its bar; what is above the last has a bar of its own.
SECONDS = tuple(range(2, 32, 2))
ERRORS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


class Summary(BaseModel):
    """What the published rows are like. A row is said when somebody says it: a voice, or whoever was recorded."""

    model_config = ConfigDict(frozen=True)

    kinds: dict[str, dict[str, int]] = Field(description="rows of each kind in each split, the largest kind first")
    languages: tuple[str, ...] = Field(description="of the rows, the most frequent first")
    voices: dict[str, int] = Field(description="rows that each voice says, or speaker of recordings")
    recorded: dict[str, int] = Field(description="rows of each source that are recorded speech, the most first")
    taken_out: dict[str, int] = Field(description="rows of whose answers each kind of mark was taken out")
    spoken: int
    hours: float
    mean_seconds: float
    mean_wer: float
    share_exact: float = Field(description="share of said rows whose tokens decode to the very words")
    lengths: tuple[int, ...] = Field(description="said rows by length: up to each of `SECONDS`, and longer")
    errors: tuple[int, ...] = Field(description="said rows by WER: up to each of `ERRORS`, and more")

    @property
    def rows(self) -> int:
        """All rows of all splits."""
        return sum(sum(of_split.values()) for of_split in self.kinds.values())


def summarize(splits: Mapping[str, pl.DataFrame]) -> Summary:
    """Add up the rows of each split, which have the published columns."""
    read = [rows.select(pl.lit(split).alias("split"), *COLUMNS) for split, rows in splits.items()]
    rows = pl.concat(read)
    spoken = rows.filter(pl.col("voice").is_not_null())
    seconds, wer = spoken["duration"].cast(pl.Float64), spoken["wer"].cast(pl.Float64)
    counted = rows.group_by("kind", "split").len().sort("len", "kind", "split", descending=[True, False, False])
    kinds: dict[str, dict[str, int]] = {}
    for kind, split, count in counted.rows():
        kinds.setdefault(kind, {})[split] = count
    return Summary(
        kinds=kinds,
        languages=tuple(_count_values(rows["language"])),
        voices=_count_values(spoken["voice"]),
        recorded=_count_values(spoken.filter(is_speaker(pl.col("voice")))["source"]),
        taken_out=_count_values(rows["taken_out"].explode(empty_as_null=False)),
        spoken=spoken.height,
        hours=seconds.sum() / 3600,
        mean_seconds=_mean(seconds),
        mean_wer=_mean(wer),
        share_exact=_mean(wer == 0),
        lengths=_bars(seconds, SECONDS),
        errors=_bars(wer, ERRORS),
    )


def is_speaker(voice: pl.Expr) -> pl.Expr:
    """Whether a voice is a speaker of recordings."""
    return (voice == RECORDED) | voice.str.starts_with(f"{RECORDED}:")


def _count_values(values: pl.Series) -> dict[str, int]:
    """How often each value occurs, the most frequent first."""
    counts = values.drop_nulls().value_counts().sort("count", values.name, descending=[True, False])
    return dict(counts.rows())


def _mean(values: pl.Series) -> float:
    mean = values.cast(pl.Float64).mean()
    return float(mean) if isinstance(mean, float) else 0.0


def _bars(values: pl.Series, edges: Sequence[float]) -> tuple[int, ...]:
    """How many values are up to each edge and above the one before, and how many above the last."""
    # Stored as float32, a value that is an edge lies a last bit beside it.
    places = np.searchsorted(np.asarray(edges) + 1e-6, values.to_numpy())
    return tuple(int(count) for count in np.bincount(places, minlength=len(edges) + 1))
