"""The choices of a question, however a set writes them, and which of them an answer names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase
from typing import NamedTuple

from sayso.stages.sources.schemas.schema import is_text

FEWEST = 2
_LETTER = re.compile(r"\(?([A-Za-z])[).:]?")
_MARK = re.compile(r"\(?([A-Z])[).:]\s*(?=\S)")


class Choices(NamedTuple):
    """The choices of a question: their texts, and the label that each has, if they have some."""

    texts: list[str]
    labels: list[str]


def choices_of(value: object) -> Choices | None:
    """Choices as a list of texts or of objects, as an object of two lists, or each under its letter; else None."""
    if isinstance(value, dict) and isinstance(value.get("text"), list):
        return _sound(value["text"], value.get("label") or ())
    if isinstance(value, dict) and value and all(_LETTER.fullmatch(str(key)) for key in value):
        there = {key: text for key, text in value.items() if text is not None}
        return _sound(list(there.values()), list(there))
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return _sound([each.get("text") for each in value], [each.get("label") for each in value])
    return _without_marks(_sound(value, ())) if isinstance(value, list) else None


def _sound(texts: Sequence[object], labels: Sequence[object]) -> Choices | None:
    if len(texts) < FEWEST or not all(is_text(text) and str(text).strip() for text in texts):
        return None
    known = [str(label).strip() for label in labels]
    return Choices([str(text).strip() for text in texts], known if len(known) == len(texts) else [])


def _without_marks(choices: Choices | None) -> Choices | None:
    """Choices without the letters that they begin with, as in "A) a wren", where each has its own."""
    if choices is None:
        return None
    marks = [_MARK.match(text) for text in choices.texts]
    if [mark and mark[1] for mark in marks] != list(ascii_uppercase[: len(marks)]):
        return choices
    return Choices([text[mark.end() :] for text, mark in zip(choices.texts, marks, strict=True) if mark], [])


def named_choice(answer: object, choices: Choices, first: int | None) -> tuple[str | None, str | None]:
    """The text of the choice that an answer names, and why it names none; null names none, and that is no fault.

    A label or a letter, the text itself, or a number. `first` is the number of the first choice; where it is not said,
    whole numbers count from 0, as those of the Hub's class labels do, and digits as text, which some sets count from 0
    and others from 1, are a fault.
    """
    if answer is None:
        return None, None
    whole = int(answer) if isinstance(answer, int | float) and float(answer).is_integer() else None
    said = str(answer).strip() if whole is None else str(whole)
    if isinstance(answer, int | float) and said not in choices.labels:
        return _none_of(choices) if whole is None else _numbered(whole, choices, first or 0)
    if said.isdecimal() and said not in choices.labels and said not in choices.texts:
        unclear = f"`answer` is the text {said!r}: `first_choice` of the source says whether choices count from 0 or 1"
        return (None, unclear) if first is None else _numbered(int(said), choices, first)
    found = _said(said, choices)
    return (found, None) if found else _none_of(choices)


def _said(said: str, choices: Choices) -> str | None:
    """The choice of a label, of its own text or, where there are no labels, of a letter."""
    if said in choices.labels:
        return choices.texts[choices.labels.index(said)]
    if said in choices.texts:
        return said
    letter = None if choices.labels else _LETTER.fullmatch(said)
    return dict(zip(ascii_uppercase, choices.texts, strict=False)).get(letter[1].upper()) if letter else None


def _numbered(number: int, choices: Choices, first: int) -> tuple[str | None, str | None]:
    if 0 <= number - first < len(choices.texts):
        return choices.texts[number - first], None
    return None, f"`answer` is {number}, and its {len(choices.texts)} choices are counted from {first}"


def _none_of(choices: Choices) -> tuple[None, str]:
    return None, f"`answer` is none of its {len(choices.texts)} choices"
