from __future__ import annotations

import pytest

from sayso.filters.judging import first_reason
from sayso.filters.on_screen import OnScreen
from tests.filters.rows import rows_of


@pytest.mark.parametrize(
    ("answer", "feature", "count"),
    [
        ("| a | b |\n|---|---|\n| 1 | 2 |", "table_rows", 3),
        ("```\nfirst\n\nsecond\n```\nthen\n```py\nthird\n```", "code_lines", 3),
        ("```\nnever closed\nto the end", "code_lines", 2),
        ("import os\nfor x in y:\n    z = 1;\nThat was it.", "code_lines", 3),
        ("As follows: one; two;\nand that is all.", "code_lines", 1),
        (r"\sqrt{x_{1}} + \frac{a}{b} costs $5 and C:\x", "latex_marks", 3),
        ("- one\n- two\n 3. three\nno - item", "list_items", 3),
        ("Look: ![](a.png) and [a link](b.html)", "images", 1),
    ],
)
def test_what_is_counted(answer: str, feature: str, count: int) -> None:
    assert first_reason(rows_of(["Show me."], [answer]), [OnScreen()])[f"on_screen.{feature}"].item() == count


def test_each_limit_can_be_moved() -> None:
    answer = "| a | b |\n- one\n- two"
    assert first_reason(rows_of(["Show me."], [answer]), [OnScreen(max_table_rows=1)])["reason"].item() is None
    strict = OnScreen(max_table_rows=1, max_list_items=1)
    assert first_reason(rows_of(["Show me."], [answer]), [strict])["reason"].item() == "long_list_in_answer"
