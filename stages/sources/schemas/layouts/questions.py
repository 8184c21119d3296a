"""Questions with an answer, or with several: of trivia, of forums, and about a passage that stands beside them."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.columns.attached_inputs import with_inputs
from sayso.stages.sources.schemas.columns.empty_values import says_something
from sayso.stages.sources.schemas.columns.passages import passages_as_text
from sayso.stages.sources.schemas.columns.text_edges import is_not_blank
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.layouts.answers import chosen_answers, has_answer
from sayso.stages.sources.schemas.messages.pairs import rows_of_pairs
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema, is_text

TEXTS = ("question", "answer", "context", "instruction", "system")


def _question_answer(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    """The question after the instruction that it may have, and before the passage that it may be about."""
    answers = chosen_answers(fields.values("answer")).alias("answer")
    context = passages_as_text(fields.values("context")).alias("context")
    columns = [fields.values(name).alias(name) for name in ("question", "instruction", "system")]
    texts = Fields({name: (name,) for name in TEXTS}, (), pl.DataFrame([*columns, answers, context])).texts(*TEXTS)
    led = _with_instructions(texts.rename({"context": "input"}))
    asked = with_inputs(led, options).with_columns(asked="question")
    return rows_of_pairs(fields, asked, ("question", "answer"), options, draws)


def _with_instructions(texts: pl.DataFrame) -> pl.DataFrame:
    """Texts whose `prompt` is the question after its instruction, unless it says that itself."""
    if texts["instruction"].null_count() == texts.height:
        return texts.with_columns(prompt="question")
    question, instruction = pl.col("question"), pl.col("instruction")
    led = says_something("instruction") & is_not_blank("question")
    led &= ~question.str.contains(instruction, literal=True).fill_null(False)
    return texts.with_columns(prompt=pl.when(led).then(instruction + "\n" + question).otherwise(question))


def _are_scored(value: object) -> bool:
    """Whether a value holds answers with a score each, as a list of them or with a list for each field."""
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and "text" in first and "score" in first


QUESTION_ANSWER = Schema(
    name="question_answer",
    fields={
        "question": ("question", "query"),
        "answer": ("answer", "answers", "response", "best_answer", "correct_answer", "solution"),
        "context": ("context", "passage", "passages", "paragraph", "article", "document"),
        "instruction": ("instruction",),
        "history": ("history",),
        "system": SYSTEM,
    },
    required={"question": is_text, "answer": has_answer},
    precedence=20,
    convert=_question_answer,
)

FORUM = Schema(
    name="forum",
    fields={
        "question": ("title",),
        "answer": ("answers",),
        "context": ("selftext", "body"),
        "instruction": (),
        "system": (),
    },
    required={"question": is_text, "answer": _are_scored},
    precedence=18,
    convert=_question_answer,
)
