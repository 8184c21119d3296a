"""Of the rows that ask the same thing, one is kept, and the others name it."""

import polars as pl
import pytest

from stages.deduplicate import Deduplicate, deduplicate, in_partition
from stages.screen import text_hash


def keys(*rows):
    table = pl.DataFrame(rows, schema=["id", "source", "prompt"], orient="row").with_columns(position=pl.col("id"))
    return table.with_columns(text_hash(table["prompt"]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is an atom?", "what is an ATOM"),
        ("Name a  fruit.", "Name a fruit!"),
        ("Caf\u00e9 hours", "Cafe\u0301 hours"),
        ("Sum up:\nthe text", "Sum up the text"),
    ],
)
def test_case_punctuation_spacing_and_composition_do_not_matter(one, other):
    hashes = text_hash(pl.Series([one, other]))
    assert hashes[0] == hashes[1]


def test_other_words_are_other_texts():
    assert text_hash(pl.Series(["What is an atom?", "What is a atom?"])).n_unique() == 2


def test_the_source_named_first_wins_and_the_duplicate_names_it():
    rows = keys(("b" * 32, "web", "Why is the sky blue?"), ("c" * 32, "books", "why is the sky blue"))
    outcome = deduplicate(rows, Deduplicate(), ("books", "web"))
    assert outcome.rows["id"].to_list() == ["c" * 32]
    dropped = outcome.verdicts.row(0, named=True)
    assert (dropped["verdict"], dropped["filter"], dropped["reason"]) == ("dropped", "duplicates", "exact_duplicate")
    assert dropped["duplicates.of"] == "c" * 32


def test_within_a_source_the_smaller_id_wins_in_any_order():
    rows = keys(("b" * 32, "web", "Hi there"), ("a" * 32, "web", "hi there!"), ("c" * 32, "web", "Something else"))
    for order in (rows, rows.reverse()):
        assert deduplicate(order, Deduplicate(), ("web",)).rows["id"].to_list() == ["a" * 32, "c" * 32]


def test_every_row_is_in_exactly_one_partition_and_duplicates_meet():
    rows = keys(*((f"{n:032x}", "web", f"question {n // 2}") for n in range(200)))
    parts = [rows.filter(in_partition(part, 7)) for part in range(7)]
    assert sum(part.height for part in parts) == 200
    assert sum(deduplicate(part, Deduplicate(), ("web",)).rows.height for part in parts) == 100


def test_it_can_be_switched_off():
    rows = keys(("a" * 32, "web", "Hi there"), ("b" * 32, "web", "hi there"))
    assert deduplicate(rows, Deduplicate(exact=False), ("web",)).rows.height == 2
