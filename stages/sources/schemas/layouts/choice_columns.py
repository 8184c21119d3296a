"""Sets of questions whose choices are columns of their own, or whose answers are counted as their makers say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import polars as pl

from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.layouts.choices import (
    choices_in_a_row,
    choices_of,
    counted_choice,
    named_choice,
    names_choice,
)
from sayso.stages.sources.schemas.layouts.multiple_choice import (
    ANSWER,
    QUESTION,
    NameChoice,
    are_choices,
    rows_of_choices,
)
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema, is_text

# They say more of a row than question_answer, which would take a letter for the answer.
PRECEDENCE = 26
# How the answers of a set name their choices, as its source has it.
Naming = Callable[[ReadingOptions], NameChoice]


def _as_written(options: ReadingOptions) -> NameChoice:
    return lambda answer, choices: named_choice(answer, choices, options.first_choice)


def _counted_from(first: int) -> Naming:
    """Answers are numbers, from `first` on where the source does not say otherwise."""

    def naming(options: ReadingOptions) -> NameChoice:
        start = first if options.first_choice is None else options.first_choice
        return lambda answer, choices: counted_choice(answer, choices, start)

    return naming


def _of_columns(
    names: Sequence[str], naming: Naming, fields: Fields, options: ReadingOptions, draws: TurnDraws
) -> pl.DataFrame:
    """Rows that have each of their choices in one of these fields."""
    columns = (fields.values(name).to_list() for name in names)
    choices = [choices_in_a_row(values) for values in zip(*columns, strict=True)]
    return rows_of_choices(fields, fields.values("question").to_list(), choices, naming(options), options, draws)


def _of_lists(naming: Naming, fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    choices = [choices_of(value) for value in fields.values("choices").to_list()]
    return rows_of_choices(fields, fields.values("question").to_list(), choices, naming(options), options, draws)


def _hellaswag(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    """Rows that ask how a beginning goes on, which is in two parts where it is not whole."""
    parts = zip(*(fields.values(name).to_list() for name in ("whole", "question", "rest")), strict=True)
    asked = [whole or _in_one(start, rest) for whole, start, rest in parts]
    choices = [choices_of(value) for value in fields.values("choices").to_list()]
    return rows_of_choices(fields, asked, choices, _counted_from(0)(options), options, draws)


def _in_one(start: object, rest: object) -> object:
    """Both parts, of which the second starts a sentence that the choices end."""
    if not (isinstance(start, str) and isinstance(rest, str) and rest):
        return start
    return f"{start} {rest[:1].upper()}{rest[1:]}"


def _is_index(value: object) -> bool:
    """Whether a value is a whole number, as text or not, as in a set that counts its answers."""
    if isinstance(value, str):
        return value.strip().isdecimal()
    return isinstance(value, int) and not isinstance(value, bool)


def _with_columns(
    name: str,
    question: Sequence[str],
    choices: Sequence[Sequence[str]],
    answer: Sequence[str],
    naming: Naming,
    context: Sequence[str] = (),
) -> Schema:
    """The schema of a set that has a column for each choice, of which the first two are needed."""
    columns = {f"choice_{number}": tuple(names) for number, names in enumerate(choices, start=1)}
    return Schema(
        name=name,
        fields={
            "question": tuple(question),
            "context": tuple(context),
            **columns,
            "answer": tuple(answer),
            "system": SYSTEM,
        },
        required={"question": is_text, "choice_1": is_text, "choice_2": is_text, "answer": names_choice},
        precedence=PRECEDENCE,
        convert=partial(_of_columns, tuple(columns), naming),
    )


def _with_list(
    name: str,
    question: str,
    choices: str,
    answer: Sequence[str],
    is_answer: Callable[[object], bool],
) -> Schema:
    """The schema of a set that asks about a passage, and has the choices in a list."""
    return Schema(
        name=name,
        fields={
            "question": (question,),
            "context": ("context",),
            "choices": (choices,),
            "answer": tuple(answer),
            "system": SYSTEM,
        },
        required={"question": is_text, "context": is_text, "choices": are_choices, "answer": is_answer},
        precedence=PRECEDENCE,
        convert=partial(_of_lists, _counted_from(0)),
    )


CHOICE_COLUMNS = (
    _with_columns("piqa", ["goal"], [["sol1"], ["sol2"]], ["label"], _counted_from(0)),
    _with_columns("winogrande", ["sentence"], [["option1"], ["option2"]], ["answer"], _counted_from(1)),
    _with_columns("medmcqa", ["question"], [["opa"], ["opb"], ["opc"], ["opd"]], ["cop"], _counted_from(0)),
    _with_columns(
        "social_iqa",
        ["question"],
        [["answerA"], ["answerB"], ["answerC"]],
        ["label"],
        _counted_from(1),
        context=["context"],
    ),
    _with_columns(
        "cosmos_qa",
        ["question"],
        [["answer0"], ["answer1"], ["answer2"], ["answer3"]],
        ["label"],
        _counted_from(0),
        context=["context"],
    ),
    _with_columns(
        "lettered_choice",
        [*QUESTION, "prompt"],
        [[letter, f"option_{letter}", f"choice_{letter}"] for letter in "ABCDE"],
        ANSWER,
        _as_written,
        context=["context", "passage", "article", "paragraph"],
    ),
    _with_list("logiqa", "query", "options", ["correct_option"], names_choice),
    # Here `answers` are the choices, and only the number of one makes it the answer.
    _with_list("reclor", "question", "answers", ["label", "correct_answer_id"], _is_index),
    Schema(
        name="hellaswag",
        fields={
            "question": ("ctx", "ctx_a"),
            "rest": ("ctx_b",),
            "whole": ("ctx",),
            "choices": ("endings",),
            "answer": ("label",),
            "system": SYSTEM,
        },
        required={"question": is_text, "choices": are_choices, "answer": names_choice},
        precedence=PRECEDENCE,
        convert=_hellaswag,
    ),
)
