"""A row is its first turn; those after it lie beside it, and come apart and together without loss."""

import polars as pl

from sayso.stages.rows.turns import LATER_TURNS, as_later_turns, turns


def turn(prompt):
    return {"prompt": prompt, "spoken": prompt.lower(), "answer": f"{prompt}!"}


ROWS = pl.DataFrame(
    {"later_turns": [None, [turn("B"), turn("C")], None, [turn("D")]]}, schema={"later_turns": LATER_TURNS}
).hstack(pl.DataFrame([turn(prompt) for prompt in "XAYZ"]))


def test_each_turn_of_a_row_becomes_one_in_order():
    assert turns(ROWS).select("row", "prompt").rows() == [
        *((0, "X"), (1, "A"), (1, "B"), (1, "C"), (2, "Y"), (3, "Z"), (3, "D"))
    ]


def test_turns_go_back_to_their_rows_and_a_row_without_any_has_null():
    later = turns(ROWS).filter(pl.col("row") == pl.col("row").shift(1)).cast({"row": pl.Int64})
    assert as_later_turns(later, ROWS.height).equals(ROWS["later_turns"], null_equal=True)
    assert as_later_turns(later.clear(), 2).to_list() == [None, None]
