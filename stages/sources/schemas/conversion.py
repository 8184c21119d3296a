"""Rows as found, by the schema that they have, as messages, prompt and answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import orjson
import polars as pl

from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.sources.schemas.conversations import (
    FAULTS,
    NON_BLANK,
    BadMessages,
    Turn,
    Turns,
    as_messages,
    from_column,
    from_turns,
    led_by,
    turns_of,
)
from sayso.stages.sources.schemas.exchanges import (
    AS_FOUND,
    Draws,
    Reading,
    exchange,
    has_system_prompt,
    later,
    undrawn,
    without_system,
)
from sayso.stages.sources.schemas.schemas import SCHEMAS, Schema, SchemaName
from sayso.stages.sources.schemas.whole_rows import judged, small_enough

# What the makers of Alpaca-like sets write where an instruction has no input.
NO_INPUT = r"(?i)^\s*(?:<\s*no\s?input\s*>|no\s?input\.?|n/a\.?|none\.?|not applicable\.?)?\s*$"
# Types of columns beside numbers that have one way to be written.
_WRITTEN = (pl.Null, pl.Categorical, pl.Enum, pl.Date, pl.Time, pl.Datetime)


def convert(schema: Schema, rows: pl.DataFrame, reading: Reading = AS_FOUND, draws: Draws = undrawn) -> pl.DataFrame:
    """Rows as found → `messages`, `prompt`, `answer`, `later_turns`, `reason` and `detail`, a line per row, in order.

    `reason` is null where the row is whole and wanted, else `bad_messages`, `wrong_type`, `unknown_schema` (the row
    has none of the fields that its file has), `has_system_prompt`, `has_attached_input`, `no_prompt`, `no_answer`,
    `sound_token` or `row_too_large`.
    `draws` gives a number in [0, 1) for each row; it is asked only where the reading takes any turn.
    """
    return small_enough(_CONVERT[schema.name](schema, rows, reading, draws), reading.text_bytes)


def _exchange(schema: Schema, rows: pl.DataFrame, reading: Reading, draws: Draws) -> pl.DataFrame:
    prompt, answer = schema.required
    texts = _texts(schema, rows, (prompt, answer, "system")).rename({prompt: "prompt", answer: "answer"})
    return _of_texts(texts, _absent(schema, rows), (prompt, answer), reading)


def _alpaca(schema: Schema, rows: pl.DataFrame, reading: Reading, draws: Draws) -> pl.DataFrame:
    return _instructions(_texts(schema, rows, tuple(schema.fields)), _absent(schema, rows), reading)


def _self_instruct(schema: Schema, rows: pl.DataFrame, reading: Reading, draws: Draws) -> pl.DataFrame:
    first = [_first_instance(value) for value in _column(schema, rows, "instances").to_list()]
    instances = [
        pl.Series(field, [each.get(field) for each in first], dtype=pl.Object) for field in ("input", "output")
    ]
    opened = rows.select(_column(schema, rows, "instruction").alias("instruction")).with_columns(instances)
    alpaca = Schema(name="alpaca", fields={field: (field,) for field in SCHEMAS["alpaca"].fields})
    return _instructions(_texts(alpaca, opened, tuple(alpaca.fields)), _absent(schema, rows), reading)


def _first_instance(value: object) -> dict[str, object]:
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {}
    first = value[0] if isinstance(value, list) and value else None
    return first if isinstance(first, dict) else {}


def _instructions(texts: pl.DataFrame, absent: pl.Series, reading: Reading) -> pl.DataFrame:
    instruction, given = pl.col("instruction"), pl.col("input").fill_null("")
    alone = given.str.contains(NO_INPUT) | ~is_not_blank("instruction")
    texts = texts.with_columns(
        prompt=pl.when(alone).then(instruction).otherwise(instruction + "\n" + given), answer="output"
    )
    if reading.max_input_characters is not None:
        characters, most = given.str.len_chars(), reading.max_input_characters
        detail = pl.format("its input has {} characters; the source takes {}", characters, pl.lit(most))
        texts = texts.with_columns(attached=pl.when(~alone & (characters > most)).then(detail))
    return _of_texts(texts, absent, ("instruction", "output"), reading)


def _of_texts(texts: pl.DataFrame, absent: pl.Series, fields: tuple[str, str], reading: Reading) -> pl.DataFrame:
    turns = (
        texts.select(user="prompt", assistant="answer")
        .with_row_index("row")
        .cast({"row": pl.Int64})
        .unpivot(index="row", variable_name="role", value_name="content")
        .sort("row", maintain_order=True)
    )
    led = led_by(texts["system"], Turns(turns, pl.DataFrame(schema=FAULTS), texts.height))
    prompt, answer = (f"`{field}` is empty" for field in fields)
    surrounded = _surrounded(texts, led, reading).with_columns(pl.lit(None, LATER_TURNS).alias("later_turns"))
    return judged(surrounded, absent, "wrong_type", prompt, answer)


def _surrounded(rows: pl.DataFrame, turns: Turns, reading: Reading) -> pl.DataFrame:
    """The rows with their conversations as `messages`; `system` says why the reading wants none of a row."""
    if reading.system == "drop_row":
        detail = pl.when(has_system_prompt(turns)).then(pl.lit("its system prompt says something"))
        return rows.with_columns(as_messages(turns), system=detail)
    wanted = without_system(turns) if reading.system == "drop_text" else turns
    return rows.with_columns(as_messages(wanted), system=pl.lit(None, pl.String))


def _conversation(schema: Schema, rows: pl.DataFrame, reading: Reading, draws: Draws) -> pl.DataFrame:
    (field,) = schema.required
    return _of_turns(from_column(_column(schema, rows, field)), schema, rows, reading, draws)


def _preference(schema: Schema, rows: pl.DataFrame, reading: Reading, draws: Draws) -> pl.DataFrame:
    """Context and chosen reply as one conversation, unless the chosen side is a whole one by itself."""
    contexts = _column(schema, rows, "prompt").to_list()
    chosen = _column(schema, rows, "chosen").to_list()
    turns = from_turns(_chosen(context, reply) for context, reply in zip(contexts, chosen, strict=True))
    return _of_turns(turns, schema, rows, reading, draws)


def _chosen(context: object, reply: object) -> list[Turn] | BadMessages:
    try:
        said = _side(reply, "assistant")
        return said if any(role == "user" for role, _ in said) else _side(context, "user") + said
    except BadMessages as error:
        return error


def _side(value: object, role: str) -> list[Turn]:
    """One side of a preference pair: a list of turns, one turn, or the bare text of one by `role`."""
    if isinstance(value, str) and not value.lstrip().startswith(("[{", "[ {")):
        return [(role, value)]
    return turns_of([value] if isinstance(value, dict) else value)


def _of_turns(turns: Turns, schema: Schema, rows: pl.DataFrame, reading: Reading, draws: Draws) -> pl.DataFrame:
    system = _texts(schema, rows, ("system",))
    spoken = exchange(turns, reading.turn, draws)
    found = _surrounded(spoken, led_by(system["system"], turns), reading).with_columns(later(turns, reading.later))
    found = found.with_row_index("row").cast({"row": pl.Int64})
    faulty = found.join(turns.faults, on="row", how="left", maintain_order="left")
    faulty = faulty.with_columns(fault=pl.coalesce("fault", system["fault"]))
    unasked = "the conversation has no user turn that says something"
    unanswered = "no assistant turn answers the first user turn"
    return judged(faulty, _absent(schema, rows), "bad_messages", unasked, unanswered)


_CONVERT: dict[SchemaName, Callable[[Schema, pl.DataFrame, Reading, Draws], pl.DataFrame]] = {
    "preference": _preference,
    "sharegpt": _conversation,
    "messages": _conversation,
    "self_instruct": _self_instruct,
    "alpaca": _alpaca,
    "question_answer": _exchange,
    "prompt_completion": _exchange,
}


def _column(schema: Schema, rows: pl.DataFrame, field: str) -> pl.Series:
    """A field's values: of its columns the first that holds any, or row by row where several do."""
    used = [name for name in schema.fields[field] if name in rows.columns and rows[name].null_count() < rows.height]
    if len(used) < 2:
        return rows[used[0]] if used else pl.repeat(None, rows.height, dtype=pl.String, eager=True)
    values = zip(*(rows[name].to_list() for name in used), strict=True)
    return pl.Series([next((value for value in each if value is not None), None) for each in values], dtype=pl.Object)


def _texts(schema: Schema, rows: pl.DataFrame, fields: tuple[str, ...]) -> pl.DataFrame:
    """Those fields as text, and `fault` for a row in which one of them is neither text nor a number."""
    texts, faults = [], []
    for field in fields:
        text, fault = _as_text(field, _column(schema, rows, field))
        texts.append(text.alias(field))
        faults.append(fault.alias(f"fault of {field}"))
    return pl.DataFrame([*texts, *faults]).select(*fields, fault=pl.coalesce(fault.name for fault in faults))


def _as_text(field: str, values: pl.Series) -> tuple[pl.Series, pl.Series]:
    well = pl.repeat(None, values.len(), dtype=pl.String, eager=True)
    if values.dtype == pl.String:
        return values, well
    if values.dtype == pl.Object:
        found = values.to_list()
        texts = [value if isinstance(value, str) else str(value) if _is_number(value) else None for value in found]
        faults = [
            f"`{field}` is a {type(value).__name__}, not text" if text is None and value is not None else None
            for value, text in zip(found, texts, strict=True)
        ]
        return pl.Series(texts, dtype=pl.String), pl.Series(faults, dtype=pl.String)
    if values.dtype.is_numeric() or isinstance(values.dtype, _WRITTEN):
        return values.cast(pl.String), well
    fault = pl.when(values.is_not_null()).then(pl.lit(f"`{field}` is a {values.dtype}, not text"))
    return well, pl.select(fault).to_series()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _absent(schema: Schema, rows: pl.DataFrame) -> pl.Series:
    absent = [_column(schema, rows, field).is_null() for field in schema.required]
    return reduce(lambda one, other: one & other, absent)


def is_not_blank(column: str) -> pl.Expr:
    return pl.col(column).str.contains(NON_BLANK).fill_null(False)
