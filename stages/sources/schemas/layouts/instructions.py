"""An instruction that may have an input, and the output: Alpaca's columns, and Self-Instruct's lists of instances."""

from __future__ import annotations

import orjson
import polars as pl

from sayso.stages.sources.schemas.columns.attached_inputs import with_inputs
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.message_lists import as_one_list, in_lists
from sayso.stages.sources.schemas.messages.pairs import rows_of_pairs
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema, is_text

TEXTS = ("instruction", "input", "output", "system")


def _alpaca(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return _rows(fields, fields.texts(*TEXTS), options, draws)


def _self_instruct(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    first = [_first_instance(value) for value in fields.values("instances").to_list()]
    inside = [pl.Series(name, [each.get(name) for each in first], dtype=pl.Object) for name in ("input", "output")]
    opened = pl.DataFrame([fields.values("instruction").alias("instruction"), *inside])
    texts = Fields({name: (name,) for name in opened.columns}, (), opened).texts(*TEXTS)
    return _rows(fields, texts, options, draws)


def _first_instance(value: object) -> dict[str, object]:
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {}
    value = as_one_list(value)
    first = value[0] if isinstance(value, list) and value else None
    return first if isinstance(first, dict) else {}


def _rows(fields: Fields, texts: pl.DataFrame, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    """Rows of texts whose input, where there is one, is said on a line after its instruction."""
    texts = texts.rename({"instruction": "prompt", "output": "answer"}).with_columns(asked="prompt")
    return rows_of_pairs(fields, with_inputs(texts, options), ("instruction", "output"), options, draws)


def _is_instances(value: object) -> bool:
    return isinstance(value, list | str) or in_lists(value, "output")


ALPACA = Schema(
    name="alpaca",
    fields={
        "instruction": ("instruction",),
        "input": ("input", "context", "inputs"),
        "output": ("output", "response", "completion", "target", "targets"),
        "history": ("history",),
        "system": SYSTEM,
    },
    required={"instruction": is_text, "output": is_text},
    precedence=30,
    convert=_alpaca,
)

# A definition is that of a task where an input stands beside it, and of a word where none does.
NATURAL_INSTRUCTIONS = Schema(
    name="natural_instructions",
    fields={
        "instruction": ("definition",),
        "input": ("inputs", "input"),
        "output": ("targets", "target", "output", "response"),
        "history": (),
        "system": SYSTEM,
    },
    required={"instruction": is_text, "input": is_text, "output": is_text},
    precedence=29,
    convert=_alpaca,
)

SELF_INSTRUCT = Schema(
    name="self_instruct",
    fields={"instruction": ("instruction",), "instances": ("instances",)},
    required={"instruction": is_text, "instances": _is_instances},
    precedence=40,
    convert=_self_instruct,
)
