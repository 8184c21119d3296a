"""A prompt in one column and its answer in another."""

from __future__ import annotations

import re

import polars as pl

from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.pairs import rows_of_pairs
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema, is_text

_LETTER = re.compile(r"[^\W\d_]")


def _problem_solution(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return _rows(fields, ("problem", "solution"), options, draws)


def _prompt_completion(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return _rows(fields, ("prompt", "completion"), options, draws)


def _input_target(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return _rows(fields, ("input", "target"), options, draws)


def _context_response(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return _rows(fields, ("context", "response"), options, draws)


def _rows(fields: Fields, names: tuple[str, str], options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    prompt, answer = names
    texts = fields.texts(prompt, answer, "system").rename({prompt: "prompt", answer: "answer"})
    return rows_of_pairs(fields, texts, names, options, draws)


def _has_words(value: object) -> bool:
    """Whether a value is a text with a letter: what a classifier is trained on has a number for its target."""
    return isinstance(value, str) and _LETTER.search(value) is not None


def _is_absent(value: object) -> bool:
    return value is None


PROBLEM_SOLUTION = Schema(
    name="problem_solution",
    fields={
        "problem": ("problem",),
        "solution": ("solution", "answer", "response"),
        "history": ("history",),
        "system": SYSTEM,
    },
    required={"problem": is_text, "solution": is_text},
    precedence=15,
    convert=_problem_solution,
)

PROMPT_COMPLETION = Schema(
    name="prompt_completion",
    fields={
        "prompt": ("prompt", "prompt_text"),
        "completion": ("completion", "response", "output", "answer", "completion_text", "response_text"),
        "history": ("history",),
        "system": SYSTEM,
    },
    required={"prompt": is_text, "completion": is_text},
    precedence=10,
    convert=_prompt_completion,
)

# Names that say little, so that both must hold words. With an instruction beside them they are no pair.
INPUT_TARGET = Schema(
    name="input_target",
    fields={
        "input": ("inputs_pretokenized", "inputs", "input", "input_text", "user", "human", "patient"),
        "target": (
            *("targets_pretokenized", "targets", "target", "target_text", "output", "output_text", "response"),
            *("assistant", "bot", "chatbot", "doctor"),
        ),
        "instruction": ("instruction",),
        "history": ("history",),
        "system": SYSTEM,
    },
    required={"input": _has_words, "target": _has_words, "instruction": _is_absent},
    precedence=4,
    convert=_input_target,
    vague=frozenset(("input", "inputtext")),
)

# What somebody tells a counsellor, or says last in a talk; with a question beside it, it would be a passage.
CONTEXT_RESPONSE = Schema(
    name="context_response",
    fields={
        "context": ("context",),
        "response": ("response",),
        "instruction": ("instruction",),
        "history": ("history",),
        "system": SYSTEM,
    },
    required={"context": _has_words, "response": _has_words, "instruction": _is_absent},
    precedence=3,
    convert=_context_response,
    vague=frozenset(("context",)),
)
