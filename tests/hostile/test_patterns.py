"""No text holds a worker up: each pattern and loop over text, by name, with the texts that would cost it the most.

How the cost grows with the length is measured by `python -m tests.hostile`.
"""

from collections.abc import Callable
from functools import partial

import polars as pl
import pytest

from sayso.filters import FILTERS
from sayso.filters.judging import every_reason
from tests.filters.rows import rows_of
from tests.hostile.growth import MOST, cpu_seconds
from tests.hostile.patterns import TABLE, asked
from tests.hostile.source import patterns_and_loops
from tests.hostile.worst_texts import FOR_ALL

SHORT, CHARACTERS = 100, 30_000
# What is linear takes hundredths of a second, the slowest of it half of one.
SECONDS = 1
# A processor that others work on, too, may take longer once.
ATTEMPTS = 3
# One that is slow may take so many times as long where the cost grows no faster than the text, from a tenth of it on.
SLOW = 10


@pytest.mark.parametrize("entry", [entry for entry in TABLE if entry.texts], ids=lambda entry: entry.name)
def test_the_worst_texts_are_done_in_time(entry):
    # What is compiled and looked up when it is first asked costs as much whatever the text.
    asked(entry, entry.texts[0].of(SHORT))
    for text in entry.texts:
        taken, is_in_time = in_time(partial(answer_seconds, entry, text), SECONDS)
        assert is_in_time, f"{text} takes {taken:.1f} s"


def test_every_filter_judges_a_column_of_all_worst_texts_in_time():
    filters = [one() for one in FILTERS if one.__name__ not in ("Language", "Profanity")]
    judged = {}

    def judge(size):
        texts = [text.of(size) for text in FOR_ALL]
        rows = rows_of(["Name three fruits.", *texts], ["Apples, pears and plums.", *texts])
        judged[size] = every_reason(rows, filters)

    taken, is_in_time = in_time(lambda size: cpu_seconds(lambda: judge(size), 1), 10 * SECONDS)
    assert is_in_time, f"they take {taken:.1f} s"
    verdicts = judged[CHARACTERS]
    assert verdicts["verdict"][0] == "kept"
    assert verdicts.filter(pl.col("reason") == "filter_error").is_empty()
    assert verdicts.height == len(FOR_ALL) + 1


def answer_seconds(entry, text, size):
    return cpu_seconds(lambda: asked(entry, text.of(size)), times=1)


def in_time(seconds_of: Callable[[int], float], seconds: float) -> tuple[float, bool]:
    """How long a text of CHARACTERS takes, and whether what is linear may take so long."""
    for _ in range(ATTEMPTS):
        taken = seconds_of(CHARACTERS)
        if taken < seconds:
            return taken, True
    return taken, taken < min(SLOW * seconds, MOST * seconds_of(CHARACTERS // 10))


@pytest.mark.parametrize(
    ("seconds_of", "expected"),
    [
        (lambda size: 0.9 * (size / CHARACTERS) ** 2, True),
        (lambda size: 5 * size / CHARACTERS, True),
        (lambda size: 2 * (size / CHARACTERS) ** 2, False),
        (lambda size: 11 * size / CHARACTERS, False),
    ],
)
def test_a_slow_machine_is_told_from_a_cost_that_grows_faster_than_the_text(seconds_of, expected):
    assert in_time(seconds_of, 1)[1] == expected


def test_every_pattern_and_loop_of_the_source_is_in_the_table():
    known = {name for entry in TABLE for name in entry.holds}
    found = set(patterns_and_loops())
    assert sorted(found - known) == [], "give each an entry in tests/hostile/patterns.py, with its worst texts"
    gone = {name for name in known - found if not name.endswith(".features")}
    assert sorted(gone) == [], "these are in the table and no longer in the source"
