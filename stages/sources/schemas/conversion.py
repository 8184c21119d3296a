"""Rows as found, by the schema of their file, as messages, prompt, answer and later turns."""

from __future__ import annotations

import polars as pl

from sayso.manifests.errors import in_one_line
from sayso.manifests.plugins import PluginError
from sayso.stages.rows.recordings import NO_RECORDING
from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.sources.schemas.columns.attached_columns import is_media, mark_unread
from sayso.stages.sources.schemas.columns.rejected_answers import mark_rejected
from sayso.stages.sources.schemas.columns.training_marks import mark_excluded
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.file_schema import FileSchema
from sayso.stages.sources.schemas.messages.conversations import MESSAGES
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws, undrawn
from sayso.stages.sources.schemas.reading_options import AS_FOUND, ReadingOptions
from sayso.stages.sources.schemas.schema import CONVERTED
from sayso.stages.sources.schemas.whole_rows import mark_large

# Why a row is dropped that breaks the conversion of its schema.
SCHEMA_ERROR = "schema_error"


def apply_schema(
    schema: FileSchema, rows: pl.DataFrame, options: ReadingOptions = AS_FOUND, draws: TurnDraws = undrawn
) -> pl.DataFrame:
    """Rows as found → the columns `CONVERTED` and `recording`, a line per row, in order.

    `reason` is null where the row is whole and wanted, else `bad_messages`, `wrong_type`, `unknown_schema` (the row
    has none of the fields that its file has), `has_system_prompt`, `has_attached_input`, `no_prompt`, `no_answer`,
    `excluded_from_training`, `only_reasoning`, `unfinished_reasoning`, `rejected_answer`, `sound_token`,
    `unread_column`, `row_too_large` or, where it breaks its schema's conversion, `schema_error`.
    `draws` gives a number in [0, 1) for each row; it is asked only where the options choose any turn. Raises
    PluginError where a plugin's conversion gives something else.
    """
    converted = _apply(schema, rows, options, draws)
    # Recorded speech is in the very columns that a row of another schema cannot do without.
    heard = [name for name in rows.columns if is_media(name)] if schema.schema_read.recordings else []
    wanted = rows.drop([*options.ignored_columns, *heard], strict=False)
    fields = Fields(schema.fields, (), wanted)
    converted = mark_unread(converted, wanted, schema.name, schema.fields)
    converted = mark_excluded(converted, wanted.select(fields.used("training")))
    converted = mark_rejected(converted, wanted.select(fields.used("label")), wanted.select(fields.used("judgement")))
    return mark_large(converted, options.text_bytes)


def _apply(schema: FileSchema, rows: pl.DataFrame, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    found = schema.schema_read
    fields = Fields(schema.fields, found.required, rows)
    try:
        converted = found.convert(fields, options, draws)
        recordings = found.recordings(fields) if found.recordings else NO_RECORDING
    except (Exception, pl.exceptions.PanicException) as error:  # whatever the code of a plugin may raise
        if rows.height < 2:
            return _broken(f"{type(error).__name__}: {in_one_line(error)}", rows.height)
        half = rows.height // 2
        parts = [(rows[:half], lambda: draws()[:half]), (rows[half:], lambda: draws()[half:])]
        return pl.concat([_apply(schema, part, options, its) for part, its in parts])
    if tuple(converted.columns) != CONVERTED or converted.height != rows.height:
        raise PluginError(
            f"the schema {schema.name!r} gives {converted.height} rows of "
            f"{', '.join(converted.columns)} for {rows.height}, which should be as many of {', '.join(CONVERTED)}"
        )
    return converted.with_columns(recordings)


def _broken(detail: str, height: int) -> pl.DataFrame:
    empty = pl.select(
        messages=pl.lit([], MESSAGES),
        prompt=pl.lit(None, pl.String),
        answer=pl.lit(None, pl.String),
        later_turns=pl.lit(None, LATER_TURNS),
        reasoning_characters=pl.lit(0, pl.Int64),
        reason=pl.lit(SCHEMA_ERROR),
        detail=pl.lit(detail),
    ).with_columns(NO_RECORDING)
    return empty.head(height)
