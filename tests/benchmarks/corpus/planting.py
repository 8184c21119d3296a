"""A planting of junk: the ways in which rows are spoilt, as real sets are, and the reasons that are right for it.

In a way, `{}` stands for the clean text, `{word}` for one of its words and `{n}` for a number of its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Planting:
    """How rows are spoilt, and which reasons fit."""

    fits: frozenset[str]
    prompts: tuple[str, ...] = ("{}",)
    answers: tuple[str, ...] = ("{}",)


def planting(fits: str, prompts: tuple[str, ...] = ("{}",), answers: tuple[str, ...] = ("{}",)) -> Planting:
    return Planting(frozenset(fits.split()), prompts, answers)
