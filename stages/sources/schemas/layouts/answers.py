"""Answers in the forms that sets of questions have them in: a text, yes or no, and several of which one is taken."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.columns.empty_values import is_nothing

# Where an answer is an object, the text of it; where several have scores, what the readers of a forum thought of each.
TEXT_KEYS = ("text", "value", "answer", "body")
SCORE_KEYS = ("score", "pm_score", "scores")
# What stands for an answer in MS MARCO where the passages have none.
_NO_ANSWER = "No Answer Present."


def chosen_answers(values: pl.Series) -> pl.Series:
    """For each value the answer that is taken, as text or as it was found where it is none.

    Of several the one with the highest score, or else the first: annotators' answers to a question mean the same.
    """
    if not (values.dtype.is_nested() or values.dtype in (pl.Object, pl.Boolean)):
        return values
    return pl.Series(values.name, [_chosen(value) for value in values.to_list()], dtype=pl.Object)


def has_answer(value: object) -> bool:
    """Whether a value is an answer, or holds some; an empty list does, for its question has none."""
    if isinstance(value, list):
        return all(isinstance(each, str | int | float) or _key(each, TEXT_KEYS) is not None for each in value)
    if isinstance(value, dict):
        return _key(value, TEXT_KEYS) is not None
    return value is not None


def _chosen(value: object) -> object:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return _best([(_key(each, SCORE_KEYS), _chosen(each)) for each in value])
    text = _key(value, TEXT_KEYS)
    if text is None or not isinstance(value, dict):
        return value
    score = _key(value, SCORE_KEYS)
    if isinstance(text, list) and isinstance(score, list) and len(text) == len(score):
        return _best(list(zip(score, text, strict=True)))
    return _chosen(text)


def _best(found: list[tuple[object, object]]) -> object:
    """The text with the highest score, the first of those that have the same; None where there is none."""
    said = [
        (score if isinstance(score, int | float) else 0, text)
        for score, text in found
        if not is_nothing(text) and text != _NO_ANSWER
    ]
    return max(said, key=lambda each: each[0])[1] if said else None


def _key(value: object, keys: tuple[str, ...]) -> object:
    return next((value[key] for key in keys if value.get(key) is not None), None) if isinstance(value, dict) else None
