"""Questions with choices, of which the answer is the label, the letter, the number or the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from sayso.stages.sources.schemas.columns.attached_inputs import with_inputs
from sayso.stages.sources.schemas.columns.empty_values import says_something
from sayso.stages.sources.schemas.columns.passages import passages_as_text
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.layouts.choices import (
    Choices,
    choices_of,
    is_kept_back,
    named_choice,
    names_choice,
)
from sayso.stages.sources.schemas.messages.assistant_texts import KEPT_BACK
from sayso.stages.sources.schemas.messages.pairs import rows_of_pairs
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema, is_text

# Of an answer and the choices that it may name: the text of the right one, and why there is none.
NameChoice = Callable[[object, Choices], tuple[str | None, str | None]]


def rows_of_choices(
    fields: Fields,
    questions: Sequence[object],
    choices: Sequence[Choices | None],
    name: NameChoice,
    options: ReadingOptions,
    draws: TurnDraws,
) -> pl.DataFrame:
    """Rows whose prompt is a question, after it the passage in `context`, and its choices on a line each.

    `name`: which of them the value of `answer` names.
    """
    given = fields.values("answer").to_list()
    answers = [_answer(answer, each, name) for answer, each in zip(given, choices, strict=True)]
    context = passages_as_text(fields.values("context")).alias("context")
    asked = pl.DataFrame(
        [pl.Series("question", questions, dtype=pl.Object), context, fields.values("system").alias("system")]
    )
    texts = Fields({column: (column,) for column in asked.columns}, (), asked).texts("question", "context", "system")
    # A passage that says the question, too, is the whole of a prompt that was put together of them.
    is_said = pl.col("context").str.contains(pl.col("question"), literal=True).fill_null(False)
    passage = pl.when(says_something("context") & ~is_said).then("context")
    texts = texts.rename({"question": "prompt"}).select(
        "prompt",
        "system",
        asked="prompt",
        input=_joined(texts.select(passage).to_series(), choices),
        answer=pl.Series([answer for answer, _ in answers], dtype=pl.String),
        unanswered=pl.Series([KEPT_BACK if is_kept_back(answer) else None for answer in given], dtype=pl.String),
        fault=pl.coalesce("fault", pl.Series([fault for _, fault in answers], dtype=pl.String)),
    )
    return rows_of_pairs(fields, with_inputs(texts, options), ("question", "answer"), options, draws)


def _joined(passages: pl.Series, choices: Sequence[Choices | None]) -> pl.Series:
    parts = zip(passages.to_list(), choices, strict=True)
    lines = [[*([passage] if passage else []), *(each.texts if each else [])] for passage, each in parts]
    return pl.Series(["\n".join(line) or None for line in lines], dtype=pl.String)


def _answer(answer: object, choices: Choices | None, name: NameChoice) -> tuple[str | None, str | None]:
    return (None, "`choices` holds no texts to choose from") if choices is None else name(answer, choices)


def _multiple_choice(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    questions, beside = fields.values("question").to_list(), fields.values("choices").to_list()
    choices = [choices_of(own or _inside(question)) for own, question in zip(beside, questions, strict=True)]
    stems = [question.get("stem") if isinstance(question, dict) else question for question in questions]
    return rows_of_choices(
        fields, stems, choices, lambda answer, each: named_choice(answer, each, options.first_choice), options, draws
    )


def _inside(question: object) -> object:
    """The choices that lie inside a question, as in the JSON lines of ARC, CommonsenseQA and OpenBookQA."""
    return question.get("choices") if isinstance(question, dict) else None


def _holds_choices(value: object) -> bool:
    return isinstance(value, dict) and is_text(value.get("stem")) and are_choices(_inside(value))


def are_choices(value: object) -> bool:
    """Whether a value holds choices."""
    return choices_of(value) is not None


QUESTION = ("question", "question_stem", "query")
CONTEXT = ("context", "passage", "article", "paragraph", "text")
ANSWER = (
    *("answer", "answerKey", "answer_idx", "answer_index", "correct", "correct_option", "correct_answer"),
    *("label", "gold"),
)

MULTIPLE_CHOICE = Schema(
    name="multiple_choice",
    fields={
        "question": QUESTION,
        "context": CONTEXT,
        "choices": ("choices", "options"),
        "answer": ANSWER,
        "system": SYSTEM,
    },
    required={"question": is_text, "choices": are_choices, "answer": names_choice},
    precedence=25,
    convert=_multiple_choice,
)

# The same, with the choices inside the question.
NESTED_CHOICE = Schema(
    name="nested_choice",
    fields={"question": ("question",), "choices": (), "answer": ANSWER, "system": SYSTEM},
    required={"question": _holds_choices, "answer": is_text},
    precedence=24,
    convert=_multiple_choice,
)
