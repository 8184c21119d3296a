"""Frequently asked questions: a title, and a list of replies of which the first is the answer."""

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_fields
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.schema import Schema, is_text


def convert(fields, options, draws):
    replies = [each[0] if each else None for each in fields.values("replies").to_list()]
    rows = pl.DataFrame([fields.values("title").alias("title"), pl.Series("reply", replies, dtype=pl.Object)])
    first = Fields({"title": ("title",), "reply": ("reply",)}, ("title", "reply"), rows)
    return rows_of_fields(first, "title", "reply", options)


FAQ = Schema(
    name="faq",
    fields={"title": ("title", "subject"), "replies": ("replies",)},
    required={"title": is_text, "replies": lambda value: isinstance(value, list)},
    precedence=15,
    convert=convert,
)
