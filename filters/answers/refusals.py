"""Answers that decline: somebody is asked, and says that he will not, cannot or may not answer, or that he needs more.

No list of phrases holds them all, so a small model that has read some 2,000 answers which decline or only look like it
weighs the words of answer and prompt; docs/explanation/refusals.md says how often it is right.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from sayso.filters.text.ngram_model import NgramModel

WEIGHTS = "refusals.bin"
SHA256 = "cd1734195427bf319da127ce95e13981d9b46dff2f30cf629ec63ae6873c29aa"
BIAS = -4.9436


def refusal_log_odds(rows: pl.DataFrame) -> pl.Series:
    """The natural log odds (Float32) that the answer of each row (`prompt`, `answer`) declines."""
    return _model().log_odds(rows["answer"], rows["prompt"])


@lru_cache(maxsize=1)
def _model() -> NgramModel:
    return NgramModel(WEIGHTS, SHA256, BIAS)
