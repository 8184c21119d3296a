from __future__ import annotations

import pytest

from sayso.filters.judging import first_reason
from sayso.filters.speakable import Speakable
from tests.filters.rows import rows_of

CLEAN = [
    "Is $1,299.99 or $1,499.50 cheaper after 20% off?",
    "What happened in 1789, 1848, 1917 and 1989?",
    "Should I upgrade from Python 3.11.4 to 3.12.1?",
    "What is 123-456-7890 minus 5?",
    "Average 88, 92, 79, 85 and 90.",
    "What does H2SO4 do to K2Cr2O7?",
    "What is 1234567890 divided by 10?",
    "Did the 747-400 replace the 737-800?",
    "How many days between 2020-02-28 and 2020-03-01?",
    "What is CO2e in B2B2C?",
    "Is 2d3h15m longer than 50 hours?",
    "What is 192.168.1.1 good for?",
    "WHY IS ICE COLD?",
    "What does e.g. mean, and when do I use i.e. instead?",
    "If a sweater costs $48 and it is 25% off, how much will I pay?",
    "Is 150 lbs. more or less than 70 kg?",
    "How do I write the date 3/14/2025 in words?",
    "Which is better: a cat or a dog?",
    "What is the difference between C++, C# and Java?",
    'Say "hello world" in French.',
    "Explain the rule of thirds (in photography) to a beginner.",
    "Was the movie 'Se7en' any good? I liked R2-D2 more.",
    "My son is 5'10\" tall; how tall is that in meters?",
    "Write a Python function that adds two numbers.",
    "Put these words in order: dog, cat, ant.",
    "What is x if 2x + 3 = 11?",
    "Who are the members of AC/DC?",
    "How strong is a magnitude 7.0 earthquake?",
    "Do you prefer A or B? I prefer A.",
    "Plan a trip for 2 adults, 3 kids & 1 dog.",
]


@pytest.mark.parametrize("prompt", CLEAN)
def test_what_can_be_said_stays(prompt: str) -> None:
    assert first_reason(rows_of([prompt]), [Speakable()])["reason"].item() is None


def test_only_the_prompt_is_said_so_only_it_is_judged() -> None:
    rows = rows_of(["How do I print in Python?"], ["```python\nprint('https://example.com')\n```"])
    assert first_reason(rows, [Speakable()])["reason"].item() is None


@pytest.mark.parametrize(
    ("thresholds", "prompt", "reason"),
    [
        ({"max_operators": 0}, "What is 3 + 4?", "maths"),
        ({"max_items": 1}, "Rank these:\n- apples\n- pears", "list"),
        ({"max_lines": 1}, "Classify this.\nrunning", "too_many_lines"),
        ({"max_labels": 0}, "Write a card.\nName: Ann", "field_labels"),
        ({"max_digits": 12}, "Add 1234 and 5678 and 91011.", "too_many_digits"),
        ({"max_digits": 12, "max_digit_share": 0.9}, "Add 1234 and 5678 and 91011.", None),
        ({"max_capital_share": 1.0}, "PLEASE TELL ME HOW TO STOP SHOUTING", None),
        ({"max_odd_symbols": 2}, "Say a | b | c aloud.", None),
    ],
)
def test_thresholds(thresholds: dict[str, float], prompt: str, reason: str | None) -> None:
    assert first_reason(rows_of([prompt]), [Speakable(**thresholds)])["reason"].item() == reason
