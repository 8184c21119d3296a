"""Rows to be read by hand are drawn evenly, and again the same."""

import polars as pl

from tests.benchmarks.reading.draw import draw_evenly, in_drawn_order

ROWS = pl.DataFrame({"id": [f"{number:03}" for number in range(100)], "source": ["many"] * 90 + ["few"] * 10})


def test_a_small_source_gives_all_it_has_and_a_large_one_the_rest():
    drawn = draw_evenly(ROWS, 30, seed=5)
    assert drawn["source"].value_counts().sort("count").rows() == [("few", 10), ("many", 20)]
    assert drawn["id"].n_unique() == 30


def test_the_same_seed_draws_the_same_rows_in_whatever_order_they_come():
    assert draw_evenly(ROWS.reverse(), 30, seed=5)["id"].sort().equals(draw_evenly(ROWS, 30, seed=5)["id"].sort())
    assert in_drawn_order(ROWS.reverse(), 5).equals(in_drawn_order(ROWS, 5))
    assert not in_drawn_order(ROWS, 6).equals(in_drawn_order(ROWS, 5))
