"""Rows that leave a stage and do not arrive in the next are found by source, however few."""

import polars as pl

from sayso.manifests.verify.checksums import add_tallies, differences, tallies


def table(*ids, source="web"):
    return pl.DataFrame({"id": list(ids), "source": [source] * len(ids)})


def test_the_same_rows_in_another_order_and_other_shards_are_the_same():
    whole = tallies(table("a", "b", "c", "d"))
    parts = add_tallies(tallies(table("d", "b")), tallies(table("c", "a")))
    assert list(differences(whole, parts)) == []


def test_a_row_too_few_is_counted():
    assert list(differences(tallies(table("a", "b")), tallies(table("b")))) == ["kept 2 rows of web but 1"]


def test_a_row_that_was_exchanged_is_found_though_the_count_is_right():
    assert list(differences(tallies(table("a", "b")), tallies(table("a", "c")))) == ["kept 2 rows of web but others"]


def test_a_source_may_begin_later_but_not_end_early():
    made = add_tallies(tallies(table("a")), tallies(table("x", source="made")))
    assert list(differences(tallies(table("a")), made)) == []
    assert list(differences(made, tallies(table("a")))) == ["kept 1 rows of made but 0"]
