"""Rows as they reach the filters, made of prompts and answers."""

from __future__ import annotations

import polars as pl

from sayso.stages.screen.normalization import to_spoken


def rows_of(prompts: list[str], answers: list[str] | None = None) -> pl.DataFrame:
    answers = answers or ["Here is a useful answer."] * len(prompts)
    numbers = range(len(prompts))
    return pl.DataFrame(
        {
            "id": pl.Series([f"{number:032x}" for number in numbers], dtype=pl.String),
            "source": pl.Series(["test" for _ in numbers], dtype=pl.String),
            "position": pl.Series([f"test.jsonl:{number + 1}" for number in numbers], dtype=pl.String),
            "prompt": pl.Series(prompts, dtype=pl.String),
            "answer": pl.Series(answers, dtype=pl.String),
        }
    ).with_columns(to_spoken(pl.Series("prompt", prompts, dtype=pl.String)))
