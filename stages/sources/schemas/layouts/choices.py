"""The choices of a question, however a set writes them, and which of them an answer names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import NamedTuple

from sayso.stages.sources.schemas.columns.values_as_text import number_as_text
from sayso.stages.sources.schemas.schema import is_text

FEWEST = 2
_LETTER = re.compile(r"\(?([A-Za-z])[).:]?")
_MARK = re.compile(r"\(?([A-Z])[).:]\s*(?=\S)")
_NUMBER = re.compile(r"\s*(-?[0-9]{1,9})\s*")
# Of a choice that is an object: its text, and what an answer calls it by.
TEXT_KEYS, LABEL_KEYS = ("text", "value"), ("label", "key")
# What stands for the answer in the part of a set whose answers are kept back.
KEPT_BACK = ("", "-1")
_NUMBERS = ("-1", "-1.0")


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
        return _sound([_first(each, TEXT_KEYS) for each in value], [_first(each, LABEL_KEYS) for each in value])
    return _without_marks(_sound(value, ())) if isinstance(value, list) else None


def choices_in_a_row(values: Sequence[object]) -> Choices | None:
    """Choices that have a column each, of which the last may be empty, as where a question has fewer; else None."""
    there = list(values)
    while there and (there[-1] is None or not str(there[-1]).strip()):
        there.pop()
    return _sound(there, ())


def _first(choice: Mapping[str, object], keys: Sequence[str]) -> object:
    return next((choice[key] for key in keys if choice.get(key) is not None), None)


def _sound(texts: Sequence[object], labels: Sequence[object]) -> Choices | None:
    said = [_text(text) for text in texts]
    if len(texts) < FEWEST or not all(said):
        return None
    known = [str(label).strip() for label in labels if label is not None]
    return Choices([text for text in said if text], known if len(known) == len(texts) else [])


def _text(value: object) -> str | None:
    if not is_text(value):
        return None
    return number_as_text(value) if isinstance(value, float) else str(value).strip()


def _without_marks(choices: Choices | None) -> Choices | None:
    """Choices without the letters that they begin with, as in "A) a wren", where each has its own."""
    if choices is None:
        return None
    marks = [_MARK.match(text) for text in choices.texts]
    if [mark and mark[1] for mark in marks] != list(ascii_uppercase[: len(marks)]):
        return choices
    return Choices([text[mark.end() :] for text, mark in zip(choices.texts, marks, strict=True) if mark], [])


def named_choice(answer: object, choices: Choices, first: int | None) -> tuple[str | None, str | None]:
    """The text of the choice that an answer names, and why it names none.

    A label or a letter, the text itself, or a number; a list of one of these is that. Null names none, nor do an empty
    text and -1, which stand for answers that are kept back; that is no fault. `first` is the number of the first
    choice; where it is not said, whole numbers count from 0, as those of the Hub's class labels do, and digits as text,
    which some sets count from 0 and others from 1, are a fault.
    """
    if isinstance(answer, list):
        if len(answer) > 1:
            return None, f"`answer` names {len(answer)} choices"
        answer = answer[0] if answer else None
    if answer is None:
        return None, None
    whole = int(answer) if isinstance(answer, int | float) and float(answer).is_integer() else None
    said = str(answer).strip() if whole is None else str(whole)
    if said in KEPT_BACK and said not in choices.labels and (whole is not None or said not in choices.texts):
        return None, None
    if isinstance(answer, int | float) and said not in choices.labels:
        return _none_of(choices) if whole is None else _numbered(whole, choices, first or 0)
    if said.isdecimal() and said not in choices.labels and said not in choices.texts:
        unclear = f"`answer` is the text {said!r}: `first_choice` of the source says whether choices count from 0 or 1"
        return (None, unclear) if first is None else _numbered(int(said), choices, first)
    found = _said(said, choices)
    return (found, None) if found else _none_of(choices)


def counted_choice(answer: object, choices: Choices, first: int) -> tuple[str | None, str | None]:
    """As `named_choice`, in sets whose answers are numbers, some of them as text, though a choice may be a number."""
    number = _NUMBER.fullmatch(answer) if isinstance(answer, str) else None
    return named_choice(int(number[1]) if number else answer, choices, first)


def is_kept_back(answer: object) -> bool:
    """Whether an answer that names no choice is the number that stands for one that is kept back."""
    return not isinstance(answer, bool) and isinstance(answer, int | float | str) and str(answer).strip() in _NUMBERS


def names_choice(value: object) -> bool:
    """Whether a value may name a choice."""
    return is_text(value[0]) if isinstance(value, list) and len(value) == 1 else is_text(value)


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
