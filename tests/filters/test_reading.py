"""A second reader finds what the first did not say, and agrees on what may be said in several ways."""

from __future__ import annotations

import polars as pl
import pytest

from sayso.filters.judging import first_reason
from sayso.filters.reading import Reading


def judged(prompt: str, spoken: str) -> tuple[str | None, str | None]:
    rows = pl.DataFrame(
        {"id": ["a"], "source": ["s"], "position": ["p"], "prompt": [prompt], "answer": ["Yes."], "spoken": [spoken]}
    )
    verdict = first_reason(rows, [Reading()]).row(0, named=True)
    return verdict["reason"], verdict["reading.unsaid"]


@pytest.mark.parametrize(
    ("prompt", "spoken", "unsaid"),
    [
        ("It grows by 1/3.", "It grows by January third.", "13, said 3"),
        ("What happened in 1919?", "What happened in nineteen ninety?", "1919, said 199"),
        ("Add 12 and 7.", "Add twelve and seventy-one.", "127, said 1271"),
        ("How much is 20% of 50?", "How much is twenty of fifty?", "%"),
        ("It costs $5.", "It costs five.", "$"),
        ("Is 3 < 5?", "Is three five?", "<"),
        ("Drive to the old harbour.", "Drive to the harbour.", "old"),
        ("Who called NASA at 5 p.m.?", "Who called at five p m?", "NASA"),
        ("Half of ¾ of it", "Half of it", "234, said 2"),
        ("The CML list", "The nine hundred fifty list", "no digits, said 95"),
    ],
)
def test_a_number_a_sign_or_a_word_that_is_not_said_is_named(prompt: str, spoken: str, unsaid: str) -> None:
    assert judged(prompt, spoken) == ("doubtful_reading", unsaid)


@pytest.mark.parametrize(
    ("prompt", "spoken"),
    [
        ("On 2021-09-30 it rained.", "On September thirtieth, twenty twenty-one it rained."),
        ("On the 3rd of May 1859", "On May third, eighteen fifty-nine"),
        ("Meet at 7:00, pay $1.50.", "Meet at seven o'clock, pay one dollar and fifty cents."),
        ("It is 750m^2 large.", "It is seven hundred fifty square meters large."),
        ("He ran at 5 m/s on the 2nd lap.", "He ran at five meters per second on the second lap."),
        ("After WWII, Elizabeth II was crowned.", "After World War Two, Elizabeth the Second was crowned."),
        ("Is World War I over?", "Is World War One over?"),
        ("Between 50,000 and 1.5 million", "Between fifty thousand and one point five million"),
        ("2 1/2 cups, a ½ spoon", "two and a half cups, a half spoon"),
        ("Dr. Lee lives in NY, approx. 5 km off.", "Doctor Lee lives in New York, approximately five kilometers off."),
        ("30 lbs vs. 12 oz, etc.", "thirty pounds versus twelve ounces, et cetera"),
        ("born -lrb- 1954 -rrb- here", "born, nineteen fifty-four, here"),
    ],
)
def test_what_may_be_said_in_other_words_is_no_doubt(prompt: str, spoken: str) -> None:
    assert judged(prompt, spoken) == (None, None)
