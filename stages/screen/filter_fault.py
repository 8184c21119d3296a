"""What is wrong with a filter that another package adds, before any row is judged by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import polars as pl
from polars.testing import assert_frame_equal
from pydantic import BaseModel, ValidationError

from sayso.filters.example import Example
from sayso.stages.screen.examples import judge_examples

# What a filter has beside its thresholds.
PARTS = ("features", "reason", "examples")
# What verdicts hold of a row, and every reader of Parquet knows.
_INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64)
STORED = (pl.Boolean, pl.String, pl.Float32, pl.Float64, *_INTEGERS)


def filter_fault(found: Any) -> str | None:
    """Why something is no filter, None where it is one: a frozen model whose examples get the reasons they state."""
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        return "it is no class of a pydantic model"
    if fault := _fault_of_class(found):
        return fault
    try:
        one = found()
        return _fault_of_names(one) or _fault_of_examples(one)
    except ValidationError as error:
        return f"its `{error.errors()[0]['loc'][0]}` has no default"
    except (Exception, SystemExit, pl.exceptions.PanicException) as error:  # whatever a foreign filter may raise
        told = f"{type(error).__name__}: {error}".partition("\n")[0]
        return f"its examples cannot be judged ({told})"


def _fault_of_class(found: type[BaseModel]) -> str | None:
    if not found.model_config.get("frozen") or found.model_config.get("extra") != "forbid":
        return 'it needs model_config = ConfigDict(frozen=True, extra="forbid")'
    field = found.model_fields.get("filter")
    if field is None or get_args(field.annotation) != (field.default,) or not _is_name(field.default):
        return 'it needs its name, in lower case, as a field: filter: Literal["name"] = "name"'
    lacking = [name for name in PARTS if not hasattr(found, name)]
    return f"it has no `{lacking[0]}`" if lacking else None


def _is_name(value: Any) -> bool:
    """Whether a filter may be called so: its name begins those of its features."""
    return isinstance(value, str) and value.isascii() and value.isidentifier() and value.islower()


def _fault_of_names(one: Any) -> str | None:
    """A feature has the filter's name, a dot and its own; a struct, whose fields come after the dot, has the first."""
    for name in (feature.meta.output_name() for feature in one.features()):
        if name != one.filter and not name.startswith(f"{one.filter}."):
            return f"its feature {name!r} needs a name that begins with {f'{one.filter}.'!r}"
    return None


def _fault_of_examples(one: Any) -> str | None:
    examples = one.examples
    if not isinstance(examples, tuple) or not all(isinstance(example, Example) for example in examples):
        return "its `examples` are no tuple of sayso.filters.example.Example"
    if len({example.reason is None for example in examples}) < 2:
        return "its `examples` need a row that stays and one that goes"
    judged = judge_examples(one, examples)
    for example, reason, detail in zip(examples, judged["reason"], judged["detail"], strict=True):
        if reason != example.reason:
            because = f" ({detail})" if detail else ""
            return f"its example {example.prompt!r} gets the reason {reason!r}{because} instead of {example.reason!r}"
    return _fault_of_features(one, judged) or _fault_of_neighbours(one, examples)


def _fault_of_features(one: Any, judged: pl.DataFrame) -> str | None:
    """A feature is a column of the verdicts, which has one type in all shards, also in those without a row."""
    measured, empty = _measured(one, judged), _measured(one, judge_examples(one, ()))
    if not measured.width:
        return f"its verdicts have no value: a feature needs a name that begins with {f'{one.filter}.'!r}"
    for name, dtype in measured.schema.items():
        inner = dtype.inner if isinstance(dtype, pl.List) else dtype
        if inner not in STORED:
            return f"its feature {name!r} is of the type {dtype}; it needs a truth value, a number or a text"
        if empty.schema.get(name) != dtype:
            other = empty.schema.get(name, "not there")
            return f"its feature {name!r} is of the type {dtype}, and without rows {other}; give it a type"
    return None


def _fault_of_neighbours(one: Any, examples: Sequence[Example]) -> str | None:
    """What a row is measured by depends on that row alone; a model may differ in the last bits."""
    backwards = judge_examples(one, examples[::-1])[::-1]
    for number, example in enumerate(examples):
        alone, beside = (
            judged.select("reason", *_measured(one, judged).columns)
            for judged in (judge_examples(one, [example]), backwards[number])
        )
        try:
            assert_frame_equal(alone, beside)
        except AssertionError:
            return f"its example {example.prompt!r} is judged otherwise alone than beside the others"
    return None


def _measured(one: Any, judged: pl.DataFrame) -> pl.DataFrame:
    return judged.select(name for name in judged.columns if name.startswith(f"{one.filter}."))
