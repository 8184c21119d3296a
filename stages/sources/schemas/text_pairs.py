"""A prompt in one column and its answer in another."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_fields
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.logged_prompts import with_logged_prompts
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema, is_text
from sayso.stages.sources.schemas.turn_choice import TurnDraws


def _question_answer(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    rows = rows_of_fields(fields, "question", "answer", options)
    return with_logged_prompts(rows, fields, "question", "answer", options, draws)


def _prompt_completion(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    rows = rows_of_fields(fields, "prompt", "completion", options)
    return with_logged_prompts(rows, fields, "prompt", "completion", options, draws)


QUESTION_ANSWER = Schema(
    name="question_answer",
    fields={"question": ("question",), "answer": ("answer", "response"), "system": SYSTEM},
    required={"question": is_text, "answer": is_text},
    precedence=20,
    convert=_question_answer,
)

PROMPT_COMPLETION = Schema(
    name="prompt_completion",
    fields={"prompt": ("prompt",), "completion": ("completion", "response"), "system": SYSTEM},
    required={"prompt": is_text, "completion": is_text},
    precedence=10,
    convert=_prompt_completion,
)
