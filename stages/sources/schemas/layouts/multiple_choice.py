"""Questions with choices, of which the answer is the label, the letter, the number or the text."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.columns.attached_inputs import with_inputs
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.layouts.choices import Choices, choices_of, named_choice
from sayso.stages.sources.schemas.messages.pairs import rows_of_pairs
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema, is_text


def _multiple_choice(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    """The question with its choices on a line each, and as the answer the text of the one that is right."""
    questions, beside = fields.values("question").to_list(), fields.values("choices").to_list()
    choices = [choices_of(own or _inside(question)) for own, question in zip(beside, questions, strict=True)]
    given = fields.values("answer").to_list()
    answers = [_answer(*each, options.first_choice) for each in zip(given, choices, strict=True)]
    stems = [question.get("stem") if isinstance(question, dict) else question for question in questions]
    asked = pl.DataFrame([pl.Series("prompt", stems, dtype=pl.Object), fields.values("system").alias("system")])
    texts = Fields({"question": ("prompt",), "system": ("system",)}, (), asked).texts("question", "system")
    texts = texts.rename({"question": "prompt"}).with_columns(
        pl.col("prompt").alias("asked"),
        pl.Series("input", ["\n".join(each.texts) if each else None for each in choices], dtype=pl.String),
        pl.Series("answer", [answer for answer, _ in answers], dtype=pl.String),
        fault=pl.coalesce("fault", pl.Series([fault for _, fault in answers], dtype=pl.String)),
    )
    return rows_of_pairs(fields, with_inputs(texts, options), ("question", "answer"), options, draws)


def _answer(answer: object, choices: Choices | None, first: int | None) -> tuple[str | None, str | None]:
    """The text of the right choice, and why there is none."""
    if choices is None:
        return None, "`choices` holds no texts to choose from"
    return named_choice(answer, choices, first)


def _inside(question: object) -> object:
    """The choices that lie inside a question, as in the JSON lines of ARC, CommonsenseQA and OpenBookQA."""
    return question.get("choices") if isinstance(question, dict) else None


def _holds_choices(value: object) -> bool:
    return isinstance(value, dict) and is_text(value.get("stem")) and _are_choices(_inside(value))


def _are_choices(value: object) -> bool:
    return choices_of(value) is not None


ANSWER = ("answer", "answerKey", "answer_idx", "answer_index", "correct", "correct_option", "correct_answer")

MULTIPLE_CHOICE = Schema(
    name="multiple_choice",
    fields={
        "question": ("question", "question_stem", "query"),
        "choices": ("choices", "options"),
        "answer": ANSWER,
        "system": SYSTEM,
    },
    required={"question": is_text, "choices": _are_choices, "answer": is_text},
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
