"""A row is its first exchange; those after it lie beside it, and come apart and together without loss."""

import polars as pl

from sayso.stages.rows.turns import LATER, grouped, turns


def exchange(prompt):
    return {"prompt": prompt, "spoken": prompt.lower(), "answer": f"{prompt}!"}


ROWS = pl.DataFrame(
    {"later": [None, [exchange("B"), exchange("C")], None, [exchange("D")]]}, schema={"later": LATER}
).hstack(pl.DataFrame([exchange(prompt) for prompt in "XAYZ"]))


def test_each_turn_of_a_row_becomes_one_in_order():
    assert turns(ROWS).select("row", "prompt").rows() == [
        *((0, "X"), (1, "A"), (1, "B"), (1, "C"), (2, "Y"), (3, "Z"), (3, "D"))
    ]


def test_exchanges_go_back_to_their_rows_and_a_row_without_any_has_null():
    later = turns(ROWS).filter(pl.col("row") == pl.col("row").shift(1)).cast({"row": pl.Int64})
    assert grouped(later, ROWS.height).equals(ROWS["later"], null_equal=True)
    assert grouped(later.clear(), 2).to_list() == [None, None]
