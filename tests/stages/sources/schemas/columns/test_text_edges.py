"""What texts begin and end with, told by comparing them."""

import polars as pl

from sayso.stages.sources.schemas.columns.text_edges import is_not_blank, may_begin_with, may_end_with

# All characters that may be blanks or stand between them, and some of each length far behind them.
CHARACTERS = [*map(chr, range(0x3100)), *"中한\ue000\ufeff\uff1e\U00010000🌊\U0010ffff"]
TEXTS = [
    *CHARACTERS,
    *(
        text
        for character in CHARACTERS
        for text in (f"{character}[", f"{character}a", f">{character}", f"a{character}")
    ),
    *("", None, " \n\t", "\u3000 a"),
]


def test_a_text_is_blank_where_no_character_of_it_is_seen() -> None:
    found = pl.DataFrame({"text": TEXTS}).with_columns(is_said=is_not_blank("text"))

    said = found.filter("is_said")["text"].to_list()
    unsaid = found.filter(~pl.col("is_said"))["text"].to_list()
    assert all(pl.Series(said).str.contains(r"\S"))
    assert not any(pl.Series(unsaid, dtype=pl.String).str.contains(r"\S").drop_nulls())


def test_no_text_is_missed_that_begins_with_what_is_looked_for_after_any_blanks() -> None:
    found = pl.DataFrame({"text": TEXTS}).with_columns(may=may_begin_with(pl.Series(TEXTS), "[{"))

    begins = pl.col("text").str.contains(r"\A\s*[\[{]")
    assert found.filter(begins & ~pl.col("may")).is_empty()
    # Nothing would be won if all were looked at.
    assert not found.filter(pl.col("text").is_in(["a", "a[", "中", "~a", "한", "🌊"]))["may"].any()


def test_no_text_is_missed_that_ends_with_what_is_looked_for_before_any_blanks() -> None:
    found = pl.DataFrame({"text": TEXTS}).with_columns(may=may_end_with(pl.Series(TEXTS), ">"))

    ends = pl.col("text").str.contains(r">\s*\z")
    assert found.filter(ends & ~pl.col("may")).is_empty()
    assert not found.filter(pl.col("text").is_in(["a", ">a", "a中", "a。", ">🌊"]))["may"].any()
