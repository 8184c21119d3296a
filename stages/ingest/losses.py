"""Whether too much of a file would be lost, as a sample of its rows tells before all of them are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sayso.stages.sources.formats.readers import BROKEN_SCHEMA, parsed_rows
from sayso.stages.sources.schemas.columns.rejected_answers import REJECTED
from sayso.stages.sources.schemas.file_schema import FileSchema
from sayso.stages.sources.schemas.messages.messages import EXCLUDED
from sayso.stages.sources.schemas.messages.roles import Role
from sayso.stages.sources.schemas.messages.turn_choice import undrawn
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.rows_by_schema import rows_by_schema
from sayso.stages.sources.stores import SourceError

# What a source says of the rows that it wants takes part in no loss.
ALL_ROWS = ReadingOptions(text_bytes=1 << 62)
# Neither do rows of which their makers say that nobody is to learn them.
NOT_WANTED = (EXCLUDED, REJECTED)
# Fewer lost rows than these say nothing about a file: many a file has only a few.
FEWEST_LOST = 20


@dataclass(frozen=True)
class FileSample:
    """Some rows of a file, number and value of each, and the schema that it has."""

    path: str
    schema: FileSchema
    rows: Sequence[tuple[int, object]]


def check_losses(
    samples: Sequence[FileSample], schemas: Sequence[FileSchema], roles: Mapping[str, Role], most: float
) -> None:
    """Raise SourceError where a file would lose more than the share `most` of its rows, as far as its sample tells.

    The message names the first such file, the share, the most frequent reason and a row that has it. `schemas`: those
    by which a row may be read. `roles`: what the source says of roles that are not known.
    """
    options = ALL_ROWS.model_copy(update={"roles": roles})
    lost = _lost(samples, schemas, options).partition_by("slice", as_dict=True, maintain_order=True)
    for (place,), rows in sorted(lost.items()):
        path, looked_at = samples[place].path, len(samples[place].rows)
        if rows.height < FEWEST_LOST or rows.height <= most * looked_at:
            continue
        reason, times = rows["reason"].value_counts(sort=True).row(0)
        number, detail = rows.filter(pl.col("reason") == reason).select("number", "detail").row(0)
        raise SourceError(
            f"{path}: {rows.height} of the {looked_at} rows that were looked at would be lost, which is more than the "
            f"share of {most:g} that the source allows; the most frequent reason is {reason} ({times} rows), as in row "
            f"{number}: {detail}. Name the schema and map its fields under `columns`, mend the file or leave it out, "
            "or set `max_lost_share` of the source higher"
        )


def _lost(samples: Sequence[FileSample], schemas: Sequence[FileSchema], options: ReadingOptions) -> pl.DataFrame:
    """`slice` (whose sample), `number`, `reason` and `detail` of the rows that would be dropped, in no order."""
    places_by_schema: dict[str, list[int]] = {}
    for place, sample in enumerate(samples):
        places_by_schema.setdefault(sample.schema.model_dump_json(), []).append(place)
    lost = [pl.DataFrame(schema=BROKEN_SCHEMA)]
    for places in places_by_schema.values():
        schema = samples[places[0]].schema
        others = [other for other in schemas if other != schema]
        found = parsed_rows(((place, samples[place].rows) for place in places), schema.columns)
        rows = rows_by_schema(found, schema, others, options, lambda _: undrawn)
        lost.append(
            rows.filter(pl.col("reason").is_not_null() & ~pl.col("reason").is_in(NOT_WANTED)).select(*BROKEN_SCHEMA)
        )
    return pl.concat(lost)
