"""An instruction that may have an input, and the output: Alpaca's columns, and Self-Instruct's lists of instances."""

from __future__ import annotations

import orjson
import polars as pl

from sayso.stages.sources.schemas.conversations import is_not_blank
from sayso.stages.sources.schemas.converted_rows import rows_of_texts
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema, is_text
from sayso.stages.sources.schemas.turn_choice import TurnDraws

# What the makers of Alpaca-like sets write where an instruction has no input.
NO_INPUT = r"(?i)^\s*(?:<\s*no\s?input\s*>|no\s?input\.?|n/a\.?|none\.?|not applicable\.?)?\s*$"
TEXTS = ("instruction", "input", "output", "system")


def _alpaca(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    return _rows(fields.texts(*TEXTS), fields.absent(), options)


def _self_instruct(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    first = [_first_instance(value) for value in fields.values("instances").to_list()]
    inside = [pl.Series(name, [each.get(name) for each in first], dtype=pl.Object) for name in ("input", "output")]
    opened = pl.DataFrame([fields.values("instruction").alias("instruction"), *inside])
    texts = Fields({name: (name,) for name in opened.columns}, (), opened).texts(*TEXTS)
    return _rows(texts, fields.absent(), options)


def _first_instance(value: object) -> dict[str, object]:
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {}
    first = value[0] if isinstance(value, list) and value else None
    return first if isinstance(first, dict) else {}


def _rows(texts: pl.DataFrame, absent: pl.Series, options: ReadingOptions) -> pl.DataFrame:
    """Rows of texts whose input, where there is one, is said on a line after its instruction."""
    instruction, given = pl.col("instruction"), pl.col("input").fill_null("")
    alone = given.str.contains(NO_INPUT) | ~is_not_blank("instruction")
    texts = texts.with_columns(
        prompt=pl.when(alone).then(instruction).otherwise(instruction + "\n" + given), answer="output"
    )
    if options.max_input_characters is not None:
        characters, most = given.str.len_chars(), options.max_input_characters
        detail = pl.format("its input has {} characters; the source takes {}", characters, pl.lit(most))
        texts = texts.with_columns(attached=pl.when(~alone & (characters > most)).then(detail))
    return rows_of_texts(texts, absent, ("instruction", "output"), options)


def _is_instances(value: object) -> bool:
    return isinstance(value, list | str)


ALPACA = Schema(
    name="alpaca",
    fields={
        "instruction": ("instruction",),
        "input": ("input", "context"),
        "output": ("output", "response"),
        "system": SYSTEM,
    },
    required={"instruction": is_text, "output": is_text},
    precedence=30,
    convert=_alpaca,
)

SELF_INSTRUCT = Schema(
    name="self_instruct",
    fields={"instruction": ("instruction",), "instances": ("instances",)},
    required={"instruction": is_text, "instances": _is_instances},
    precedence=40,
    convert=_self_instruct,
)
