"""A line a minute says how far a stage is, where no bars are drawn."""

import re
import time
from threading import Event

import pytest

from sayso.pipeline.cli import minutes
from sayso.pipeline.cli.minutes import StageSoFar
from sayso.pipeline.cli.progress import RunBars
from sayso.pipeline.cli.reporting import Reporting
from sayso.pipeline.progress import ShardDone, StageFinished, StagePlanned


def done(rows_in, **dropped):
    return ShardDone("screen", "facts", rows_in, rows_in - sum(dropped.values()), 1.0, dropped)


def test_the_line_has_rows_their_rate_the_time_left_and_the_reasons_that_took_the_most():
    stage = StageSoFar(StagePlanned("screen", shards=9, done=1, rows=10_000), began=100.0)
    assert stage.told(160.0) == (
        "screen: 1 of 9 shards, 10,000 rows (10,000 of them done before), none of them in the 1 min since it began"
    )
    stage.add(done(5_000, language=800, length=300, url=10, email=4))
    stage.add(done(10_000, url=90, latex=30))
    assert stage.told(160.0) == (
        "screen: 3 of 9 shards, 25,000 rows (10,000 of them done before), 250.0 rows/s, about 3 min left; "
        "dropped 1,234 of 15,000: language 800, length 300, url 100, others 34"
    )


@pytest.mark.parametrize(
    ("shards", "told"),
    [(1, "about 0 s left"), (41, "about 40 s left"), (7201, "about 2 h 0 min left"), (600_001, "about 7 days left")],
)
def test_the_time_left_is_in_units_that_people_use(shards, told):
    stage = StageSoFar(StagePlanned("screen", shards=shards, done=0, rows=0), began=0.0)
    stage.add(done(10))
    assert stage.told(1.0) == f"screen: 1 of {shards:,} shards, 10 rows, 10.0 rows/s, {told}"


def test_lines_come_while_a_stage_is_on_its_way_and_not_between_stages(capsys):
    line = re.compile(r"screen: 1 of 2 shards, 10 rows, [\d,.]+ rows/s, about \d+ s left; dropped 3 of 10: url 3\n")
    printed, deadline = "", time.monotonic() + 120
    with Reporting() as reporting, RunBars(reporting, seconds=0.01) as bars:
        bars(StagePlanned("screen", shards=2, done=0, rows=0))
        bars(done(10, url=3))
        while not line.search(printed) and time.monotonic() < deadline:
            time.sleep(0.01)
            printed += capsys.readouterr().err
        bars(StageFinished("screen"))
        capsys.readouterr()
        time.sleep(0.05)
    assert line.search(printed)
    assert capsys.readouterr().err == ""


def test_a_line_on_its_way_comes_before_the_stage_is_finished(monkeypatch):
    told, telling, finishing = [], Event(), Event()

    def tell_slowly(line):
        telling.set()
        finishing.wait(60)
        time.sleep(0.1)
        told.append(line)

    monkeypatch.setattr(minutes.LOG, "info", tell_slowly)
    with minutes.MinuteLines(0.01) as lines:
        lines.planned(StagePlanned("screen", shards=2, done=0, rows=0))
        assert telling.wait(60)
        finishing.set()
        lines.finished("screen")
        assert len(told) == 1
    assert len(told) == 1


def test_of_two_stages_at_the_same_time_each_is_told(capsys):
    lines = {"screen: 1 of 2 shards, 10 rows", "publish: 2 of 4 shards, 30 rows (30 of them done before)"}
    printed, deadline = "", time.monotonic() + 20
    with Reporting() as reporting, RunBars(reporting, seconds=0.01) as bars:
        bars(StagePlanned("screen", shards=2, done=0, rows=0))
        bars(StagePlanned("publish", shards=4, done=1, rows=10))
        bars(done(10))
        bars(StagePlanned("publish", shards=4, done=2, rows=30))
        while not all(line in printed for line in lines) and time.monotonic() < deadline:
            time.sleep(0.01)
            printed += capsys.readouterr().err
        bars(done(5))
        bars(StageFinished("screen"))
    assert all(line in printed for line in lines)
    assert "screen: 15 rows in 2 shards" in capsys.readouterr().err


def test_a_quiet_command_tells_none(capsys):
    with Reporting(quiet=True) as reporting, RunBars(reporting, seconds=0.01) as bars:
        bars(StagePlanned("screen", shards=2, done=0, rows=0))
        time.sleep(0.05)
    assert capsys.readouterr().err == ""
