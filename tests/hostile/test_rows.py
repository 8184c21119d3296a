"""Hostile rows, in every schema and every format: none is lost, none breaks a stage, none touches its neighbours.

The long form, of at least 100,000 rows, is `python -m tests.hostile`.
"""

import pytest

from tests.hostile.rounds import FILES, ROWS, faults
from tests.hostile.rows import draw_file
from tests.hostile.way import SCREENS, Account


@pytest.mark.parametrize(("config", "every"), [(SCREENS[0], 5), (SCREENS[1], 7)], ids=["default", "every filter"])
def test_each_hostile_row_gets_a_verdict_and_its_neighbours_the_one_that_they_get_without_it(tmp_path, config, every):
    files = FILES[::every]
    account = Account()
    assert list(faults(every, files, config, tmp_path, account)) == []
    assert account.rows == ROWS * len(files) == account.kept + account.dropped.total()
    assert account.composed == account.kept > 0
    assert {"ingest: invalid_json", "ingest: wrong_type", "screen: secret"} <= set(account.dropped)


def test_the_rows_follow_from_the_seed():
    one, same, other = (draw_file(seed, "messages", "jsonl", 50) for seed in (1, 1, 2))
    assert one == same
    assert one.content != other.content
