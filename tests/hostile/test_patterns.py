"""No text holds a worker up: each pattern and loop over text, by name, with the texts that would cost it the most.

How the cost grows with the length is measured by `python -m tests.hostile`.
"""

import polars as pl
import pytest

from sayso.filters import FILTERS
from sayso.filters.judging import every_reason
from tests.filters.rows import rows_of
from tests.hostile.growth import cpu_seconds
from tests.hostile.patterns import TABLE, asked
from tests.hostile.source import patterns_and_loops
from tests.hostile.worst_texts import FOR_ALL

SHORT, CHARACTERS = 100, 30_000
# What is linear takes hundredths of a second.
SECONDS = 1
# A processor that others work on, too, may take longer once.
ATTEMPTS = 3


@pytest.mark.parametrize("entry", [entry for entry in TABLE if entry.texts], ids=lambda entry: entry.name)
def test_the_worst_texts_are_done_in_time(entry):
    # What is compiled and looked up when it is first asked costs as much whatever the text.
    asked(entry, entry.texts[0].of(SHORT))
    for text in entry.texts:
        for _ in range(ATTEMPTS):
            taken = cpu_seconds(lambda text=text: asked(entry, text.of(CHARACTERS)), times=1)
            if taken < SECONDS:
                break
        assert taken < SECONDS, f"{text} takes {taken:.1f} s"


def test_every_filter_judges_a_column_of_all_worst_texts_in_time():
    texts = [text.of(CHARACTERS) for text in FOR_ALL]
    rows = rows_of(["Name three fruits.", *texts], ["Apples, pears and plums.", *texts])
    verdicts = []
    filters = [one() for one in FILTERS if one.__name__ not in ("Language", "Profanity")]
    taken = cpu_seconds(lambda: verdicts.append(every_reason(rows, filters)), times=1)
    assert taken < 10 * SECONDS
    (judged,) = verdicts
    assert judged["verdict"][0] == "kept"
    assert judged.filter(pl.col("reason") == "filter_error").is_empty()
    assert judged.height == len(texts) + 1


def test_every_pattern_and_loop_of_the_source_is_in_the_table():
    known = {name for entry in TABLE for name in entry.holds}
    found = set(patterns_and_loops())
    assert sorted(found - known) == [], "give each an entry in tests/hostile/patterns.py, with its worst texts"
    gone = {name for name in known - found if not name.endswith(".features")}
    assert sorted(gone) == [], "these are in the table and no longer in the source"
