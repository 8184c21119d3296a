"""How rows are spoilt by what is planted in them."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from tests.benchmarks.corpus.junk import PLANTINGS

Choices = npt.NDArray[np.int64]


def spoil(name: str, prompts: pl.Series, answers: pl.Series, numbers: Choices) -> tuple[pl.Series, pl.Series]:
    """Prompts and answers after a planting; `numbers` decide the way in which each is spoilt, and its number."""
    planting = PLANTINGS[name]
    words = prompts.str.extract(r"([A-Za-z]{4,12})").fill_null("thing").str.to_lowercase()
    way = _filled(words, pl.Series(numbers % 8_000 + 1_001).cast(pl.String))
    return way(planting.prompts, prompts, numbers // 7), way(planting.answers, answers, numbers // 11)


def _filled(words: pl.Series, digits: pl.Series) -> Callable[[tuple[str, ...], pl.Series, Choices], pl.Series]:
    def fill(ways: tuple[str, ...], texts: pl.Series, numbers: Choices) -> pl.Series:
        chosen = pl.Series("way", ways, dtype=pl.String).gather(numbers % len(ways))
        frame = pl.DataFrame([chosen, texts.alias("text"), words.alias("word"), digits.alias("n")])
        pieces = [_pieces(way) for way in ways]
        filled = pl.coalesce(
            pl.when(pl.col("way") == way).then(pl.concat_str(parts)) for way, parts in zip(ways, pieces, strict=True)
        )
        return frame.select(filled.alias("text")).to_series()

    return fill


def _pieces(way: str) -> list[pl.Expr]:
    """A way as expressions: its own text in between, a column for each of its marks."""
    columns = {"{}": pl.col("text"), "{word}": pl.col("word"), "{n}": pl.col("n")}
    return [columns.get(part, pl.lit(part)) for part in re.split(r"(\{\}|\{word\}|\{n\})", way)]
