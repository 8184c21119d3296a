"""The choices of a question, however a set writes them, and which of them an answer names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


def named_choice(answer: object, choices: Choices) -> str | int | None:
    """The text of the choice that an answer names, the number that it gives for one, or None for neither."""
    if isinstance(answer, int | float):
        return int(answer) if is_text(answer) and float(answer).is_integer() else None
    said = str(answer).strip()
    if said in choices.labels:
        return choices.texts[choices.labels.index(said)]
    if said in choices.texts or choices.labels:
        return said if said in choices.texts else None
    if letter := _LETTER.fullmatch(said):
        return dict(zip(ascii_uppercase, choices.texts, strict=False)).get(letter[1].upper())
    return int(said) if said.isdecimal() else None


def counted_from(found: Iterable[tuple[int, Choices]]) -> int | None:
    """What number the first choice has, as the numbers in many rows tell: 0 or 1, None where they do not tell."""
    ends = {0 if number == 0 else 1 for number, choices in found if number in (0, len(choices.texts))}
    return min(ends, default=None)


def text_of(found: int, choices: Choices, counted: int | None) -> tuple[str | None, str | None]:
    """The text of a choice by its number, and why it has none."""
    if counted is None:
        return None, f"`answer` is {found}, and no row tells whether choices are counted from 0 or from 1"
    if not 0 <= found - counted < len(choices.texts):
        return None, f"`answer` is {found}, and its {len(choices.texts)} choices are counted from {counted}"
    return choices.texts[found - counted], None
