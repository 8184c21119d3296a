"""Passages that a question is about: a text, or paragraphs in the forms that sets of questions have them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from sayso.stages.sources.schemas.columns.empty_values import is_nothing

# The text of a paragraph, or all of its sentences, where it is an object; and where all lists have one of each.
TEXT_KEYS = ("sentences", "text", "contexts", "paragraph_text", "passage_text")
TITLE = "title"
# Of passages that were found for a question: whether the answer was written from this one.
SELECTED = "is_selected"
_NOT = (0, False, -1)


def passages_as_text(values: pl.Series) -> pl.Series:
    """For each value its paragraphs on a line each, after their titles, or what was found where it has none.

    A paragraph is a text, a list of a title and its sentences, or an object of both; an object of two lists has all of
    them. Where some were only found, and the answer is from others, those that are selected are taken.
    """
    if not (values.dtype.is_nested() or values.dtype == pl.Object):
        return values
    found = [_passages(value) for value in values.to_list()]
    return pl.Series(values.name, found, dtype=pl.Object)


def _passages(value: object) -> object:
    if not isinstance(value, list | dict) or is_nothing(value):
        return value
    parted = _parted(value) if isinstance(value, dict) else value
    paragraphs = [_paragraph(each) for each in parted if not (isinstance(each, dict) and each.get(SELECTED) in _NOT)]
    return "\n".join(paragraph for paragraph in paragraphs if paragraph) if None not in paragraphs else value


def _parted(value: Mapping[str, object]) -> list[object]:
    """The paragraphs of an object: itself, or where it has a list of all their texts, one for each."""
    texts, titles, selected = _text_of(value), value.get(TITLE), value.get(SELECTED)
    if not isinstance(texts, list):
        return [value]
    if isinstance(titles, list) and len(titles) == len(texts):
        return [{TITLE: title, TEXT_KEYS[0]: text} for title, text in zip(titles, texts, strict=True)]
    if titles is None and isinstance(selected, list) and len(selected) == len(texts):
        return [{SELECTED: is_selected, TEXT_KEYS[0]: text} for is_selected, text in zip(selected, texts, strict=True)]
    return list(texts) if titles is None else [value]


def _paragraph(value: object) -> str | None:
    """The text of a paragraph, empty where it says nothing; None for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        title, text = value.get(TITLE), _text_of(value)
    elif isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], list):
        title, text = value
    else:
        return None
    said = _joined(text)
    if said is None or not isinstance(title, str | None):
        return None
    return f"{title.strip()}: {said}" if title and said else said


def _text_of(value: Mapping[str, object]) -> object:
    return next((value[key] for key in TEXT_KEYS if value.get(key) is not None), None)


def _joined(text: object) -> str | None:
    """A text, or sentences with one blank between them; None for anything else."""
    if isinstance(text, str):
        return text.strip()
    if isinstance(text, Sequence) and all(isinstance(sentence, str) for sentence in text):
        return " ".join(sentence.strip() for sentence in text)
    return None
