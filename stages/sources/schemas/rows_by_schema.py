"""The rows of a file as messages, prompt and answer, each by the schema of its file or by another one that fits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from sayso.stages.sources.formats.readers import ReadRows, table_of
from sayso.stages.sources.schemas.asking import why_unasked
from sayso.stages.sources.schemas.columns.attached_columns import UNREAD
from sayso.stages.sources.schemas.conversion import apply_schema
from sayso.stages.sources.schemas.file_schema import FileSchema, RowSchemas
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions

# Why a row is dropped whose file has another schema than it has itself.
MISFIT = ("unknown_schema", "wrong_type", "bad_messages", "no_prompt", "no_answer")


def rows_by_schema(
    records: ReadRows,
    schema: FileSchema,
    others: Sequence[FileSchema],
    options: ReadingOptions,
    draws: Callable[[pl.DataFrame], TurnDraws],
) -> pl.DataFrame:
    """`slice` and `number` of all records, and what `apply_schema` makes of each; a broken one has reason and detail.

    A row that the schema does not fit, or whose fields it finds empty, is read by the first of the `others` that the
    row fills, or else fits; where there is none, it has the reason that the schema gives. `draws` gives the draws of
    some of the rows.
    """
    rows = records.places.hstack(apply_schema(schema, records.rows, options, draws(records.places)))
    misfits = rows["reason"].is_in((*MISFIT, UNREAD)).arg_true()
    unread = rows["reason"][misfits] == UNREAD
    again = [] if misfits.is_empty() else _by_others(records, misfits, unread, schema, others, options, draws)
    if again:
        rows = pl.concat([rows.join(pl.concat(again), on=["slice", "number"], how="anti"), *again])
    return pl.concat([rows, records.broken], how="diagonal")


def _by_others(
    records: ReadRows,
    misfits: pl.Series,
    unread: pl.Series,
    schema: FileSchema,
    others: Sequence[FileSchema],
    options: ReadingOptions,
    draws: Callable[[pl.DataFrame], TurnDraws],
) -> list[pl.DataFrame]:
    """Those of the misfits that fit one of the other schemas, converted schema by schema.

    `unread`: those of which the schema leaves out a part. They are for schemas that say more of a row than it does.
    """
    columns = dict.fromkeys(column for other in others for column in other.columns)
    if not columns:
        return []
    fitting: dict[int, list[int]] = {}
    values = records.whole(misfits.to_list(), columns)
    names = set().union(*values)
    others = [other.spelt_as(names) for other in others]
    precedence = schema.schema_read.precedence
    any_other = RowSchemas(others)
    saying_more = RowSchemas([other for other in others if other.schema_read.precedence > precedence])
    for place, row in enumerate(values):
        if schema.is_filled_by(row) and not unread[place]:
            continue
        other = (saying_more if unread[place] else any_other).of(row)
        # Of a single row it is not enough that a column may hold what is asked.
        if other and why_unasked(other.schema_read, other.fields, [row]):
            continue
        if other and (other.is_filled_by(row) or not schema.fits(row)):
            fitting.setdefault(others.index(other), []).append(place)
    converted = []
    for number, found in fitting.items():
        places = records.places[misfits.gather(found)]
        other = others[number]
        rows = table_of([values[place] for place in found], other.columns)
        converted.append(places.hstack(apply_schema(other, rows, options, draws(places))))
    return converted
