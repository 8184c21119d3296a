"""Columns that belong to what is asked, so that a row is another one without them.

A schema that reads such a column says what becomes of it. Where none does, a row that has something there is dropped:
its question is about a picture that nobody shows, or its answer is the number of a choice that nobody names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import polars as pl

from sayso.stages.sources.schemas.columns.column_names import plain_name
from sayso.stages.sources.schemas.columns.empty_values import are_nothing

# Names as `plain_name` gives them, without a number at their end: `image_1` is an image.
MEDIA = frozenset(
    (
        *("image", "images", "imagepath", "imagepaths", "imageurl", "imagefile", "img", "picture", "pictures", "photo"),
        *("audio", "audios", "audiopath", "audiofile", "speech", "video", "videos", "videopath", "videofile"),
    )
)
TEXTS = frozenset(
    (
        *("history", "context", "contexts", "passage", "passages", "paragraph", "paragraphs", "article", "articles"),
        *("document", "documents", "table", "tables", "choice", "choices", "option", "options"),
        *("input", "inputs"),
    )
)
UNREAD = "unread_column"


def attached_columns(names: Iterable[str], read: Collection[str]) -> list[str]:
    """Those of a row's columns that belong to what is asked and are not among those that are read, in order."""
    return [name for name in names if name not in read and _is_attached(name)]


def is_media(name: str) -> bool:
    """Whether a column of this name holds pictures, sound or films."""
    return plain_name(name).rstrip("0123456789") in MEDIA


def _is_attached(name: str) -> bool:
    plain = plain_name(name).rstrip("0123456789")
    return plain in MEDIA or plain in TEXTS


def mark_unread(
    converted: pl.DataFrame, rows: pl.DataFrame, schema: str, fields: Mapping[str, Collection[str]]
) -> pl.DataFrame:
    """Converted rows; those that hold something in a column that their schema does not read have the reason for it.

    `fields`: the columns of each field that is read; where rows have several of one field, the first is. A text that
    the messages say is read, wherever it is from: some sets keep what a conversation was made of.
    """
    used = {name for name in rows.columns if rows[name].null_count() < rows.height}
    read: set[str] = set()
    for columns in fields.values():
        there = [name for name in columns if name in used]
        # Beside a field's own column the others are the same in another form, such as the numbers of its tokens.
        read.update(there[:1] if there and _is_attached(there[0]) else there)
    for name in attached_columns(sorted(used), read):
        found = (converted["reason"].is_null() & ~are_nothing(rows[name])).arg_true()
        unsaid = found.filter(~_are_said(rows[name][found], converted["messages"][found]))
        if unsaid.is_empty():
            continue
        marked = pl.int_range(pl.len()).is_in(unsaid.implode())
        detail = f"the column {name} holds something, and the schema {schema} does not read it"
        converted = converted.with_columns(
            pl.when(marked).then(pl.lit(UNREAD)).otherwise("reason").alias("reason"),
            pl.when(marked).then(pl.lit(detail)).otherwise("detail").alias("detail"),
        )
    return converted


def _are_said(values: pl.Series, messages: pl.Series) -> pl.Series:
    """Which values hold texts that are all in the messages of their row, in what is asked and not in answers alone."""
    message = pl.element().struct
    asked = pl.when(message.field("role") != "assistant").then(message.field("content"))
    contents = pl.col("messages").list.eval(asked).list.join("\n", ignore_nulls=True)
    joined = messages.to_frame("messages").select(contents).to_series()
    if values.dtype == pl.String:
        both = pl.DataFrame({"text": values.str.strip_chars(), "said": joined})
        return both.select(pl.col("said").str.contains(pl.col("text"), literal=True)).to_series()
    texts = [list(_texts(value)) for value in values.to_list()]
    said = [bool(each) and all(text in content for text in each) for each, content in zip(texts, joined, strict=True)]
    return pl.Series(said, dtype=pl.Boolean)


def _texts(value: object) -> Iterator[str]:
    """All texts in a value, wherever it holds them."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | pl.Series):
        for inner in value:
            yield from _texts(inner)
