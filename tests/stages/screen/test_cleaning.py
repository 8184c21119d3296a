"""What programs put into answers is taken out, and named."""

import polars as pl
import pytest

from sayso.stages.screen.cleaning import clean_answers
from sayso.stages.screen.screen import Screen, screen
from tests.stages.screen.test_screen import followed, rows


@pytest.mark.parametrize(
    ("answer", "cleaned", "kinds"),
    [
        ("2+2=<<2+2=4>>4 apples.\n#### 4", "2+2=4 apples.", ["calculator", "final_line"]),
        ("10% of 50 is 50*.1=$<<50*.1=5>>5", "10% of 50 is 50*.1=$5", ["calculator"]),
        ("So 16 000 / 5 = 3 200,\n#### 3,200", "So 16 000 / 5 = 3 200", ["final_line"]),
        ("So she earns 10+65 = $75.00\n#### 75", "So she earns 10+65 = $75.00", ["final_line"]),
        ("It costs 7.05 in all.\n#### 7", "It costs 7.05 in all.\n7", ["final_line"]),
        ("There are 48 of them.\n#### 4", "There are 48 of them.\n4", ["final_line"]),
        ("#### 14", "14", ["final_line"]),
        ("The sum is $\\boxed{2}$.", "The sum is 2.", ["box"]),
        ("$\\boxed{\\frac{1}{2}}$", "$\\frac{1}{2}$", ["box"]),
        ("\\[ \\boxed{7} \\]", "7", ["box"]),
        ("So it is \\boxed{\\text{yes}}.", "So it is yes.", ["box"]),
        ("<think>Let me see.</think>The sun is larger.", "The sun is larger.", ["reasoning"]),
        ("Both are big.\n</think>\n\nThe sun is larger.", "The sun is larger.", ["reasoning"]),
        ("The sun is larger.</s>", "The sun is larger.", ["end_of_text"]),
        ("A plain answer.", "A plain answer.", None),
        ("In C++, cout << x << y; prints both.", "In C++, cout << x << y; prints both.", None),
        ("<think>Let me see", "<think>Let me see", None),
        ("#### Trees\nOak and elm.", "#### Trees\nOak and elm.", None),
        ("The frame \\boxed{5 is never closed.", "The frame \\boxed{5 is never closed.", None),
    ],
)
def test_what_is_left_and_what_was_taken_out(answer, cleaned, kinds):
    neighbours = pl.Series(["Before.", answer, "Behind."])
    assert clean_answers(neighbours).row(1) == (cleaned, kinds)


def test_rows_and_verdicts_name_what_was_taken_out():
    asked = rows("How many apples are four and five?", "Name a fruit that grows on trees.")
    asked = asked.with_columns(answer=pl.Series(["4+5=<<4+5=9>>9\n#### 9", "An apple."]))
    outcome = screen(asked, Screen())
    told = outcome.rows.sort("position")
    assert told.select("answer", "taken_out").rows() == [
        ("4+5=9", ["calculator", "final_line"]),
        ("An apple.", None),
    ]
    assert outcome.verdicts["cleaning.taken_out"].to_list() == [["calculator", "final_line"], None]


def test_so_do_those_of_conversations_for_all_turns_that_are_left():
    asked = followed(rows("Name a fruit that grows on trees."), ["How many apples are four and five?"])
    later = [[{"prompt": "How many apples are four and five?", "spoken": None, "answer": "4+5=<<4+5=9>>9"}]]
    asked = asked.with_columns(pl.Series("later_turns", later, dtype=asked["later_turns"].dtype))
    outcome = screen(asked, Screen())
    assert outcome.rows["later_turns"].item()[0]["answer"] == "4+5=9"
    assert outcome.rows["taken_out"].to_list() == [["calculator"]]
    assert outcome.verdicts["cleaning.taken_out"].to_list() == [["calculator"]]
