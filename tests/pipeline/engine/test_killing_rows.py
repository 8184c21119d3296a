"""A row that ends its process is found, tried again elsewhere, and dropped by name; all others stay as they are."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sayso.manifests.killing_rows import Kill, read_killing_rows
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record
from sayso.pipeline.engine.dispatch import Stalled
from sayso.pipeline.engine.door import Introduction
from sayso.pipeline.engine.engine import Engine
from sayso.pipeline.engine.search import NotTheRows, Suspect, confirm_suspects, find_suspects
from sayso.pipeline.engine.task import JobFailed, Task
from sayso.pipeline.engine.workers import Worker
from sayso.pipeline.resources import Resources
from sayso.stages.jobs.job import carry_out
from tests.pipeline.engine.deadly_jobs import deadly

JOB = deadly("a", 2_000, {1: -signal.SIGKILL, 2_000: 3})
DROPPED = ("made.jsonl:1", "made.jsonl:2000")


@pytest.fixture(scope="module", autouse=True)
def tests_are_imported():
    """Workers, and what they start, import the jobs of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[3]), prepend=os.pathsep)
        yield


@pytest.fixture(scope="module")
def engine(tests_are_imported):
    with Engine(Resources(text={"workers": 2}), None) as engine:
        yield engine


@pytest.fixture(scope="module")
def run(engine, tmp_path_factory):
    """The ledger of a run of two jobs, and what was told."""
    ledger = Ledger(str(tmp_path_factory.mktemp("run")))
    answers = list(engine.run(ledger, [JOB, deadly("b", 5, {})], "text"))
    assert sorted(one.key.shard for one in answers if isinstance(one, Record)) == ["a", "b"]
    return ledger, [str(one) for one in answers if isinstance(one, Stalled)]


def test_the_first_row_of_two_thousand_and_the_last_are_dropped_by_name(run):
    ledger, told = run
    verdicts = ledger.verdicts("screen", ["a"]).filter(pl.col("verdict") != "kept")
    assert verdicts.select("position", "verdict", "filter", "reason", "detail").rows() == [
        ("made.jsonl:1", "dropped", "engine", "kills_the_worker", "SIGKILL"),
        ("made.jsonl:2000", "dropped", "engine", "kills_the_worker", "exit code 3"),
    ]
    record = ledger.read_record("screen", "a")
    assert (record.rows_in, record.rows_out) == (2_000, 1_998)
    assert {count.reason: count.rows for count in record.counts} == {None: 1_998, "kills_the_worker": 2}
    dropped = "screen/a: made.jsonl:1 (SIGKILL), made.jsonl:2000 (exit code 3) ended a process twice"
    assert f"{dropped}; dropped (kills_the_worker)" in told


def test_all_other_rows_have_the_bytes_and_verdicts_as_if_a_filter_had_dropped_those(run, tmp_path):
    ledger, other = run[0], Ledger(str(tmp_path))
    carry_out(other, replace(JOB, ends={}, drops=DROPPED))
    assert ledger.storage.read(JOB.key.rows_name) == other.storage.read(JOB.key.rows_name)
    verdicts, expected = (one.verdicts("screen", ["a"]) for one in (ledger, other))
    assert verdicts["position"].to_list() == expected["position"].to_list()
    others = ~pl.col("position").is_in(DROPPED)
    assert_frame_equal(verdicts.filter(others), expected.filter(others))


def test_what_was_seen_of_each_kill_lies_in_the_folder(run):
    found = {row.position: row for row in read_killing_rows(run[0])}
    assert tuple(found) == DROPPED
    for row in found.values():
        first, second = row.kills
        assert first.process != second.process
        assert first.host == second.host == os.uname().nodename
        assert 20 < first.mebibytes < 4_000
    assert found["made.jsonl:1"].measured["engine.signal"] == "SIGKILL"


def test_rows_that_are_known_end_nobody_when_their_shard_is_done_again(run, engine):
    ledger, _ = run
    before = ledger.read_record("screen", "a")
    ledger.forget("screen", "a")
    (again,) = engine.run(ledger, [JOB], "text")
    assert again.files == before.files


def test_a_row_that_ends_one_process_and_not_the_next_is_no_cause(tmp_path):
    job = deadly("once", 2, {2: -signal.SIGSEGV}, times=1)
    suspects = find_suspects(str(tmp_path), None, job)
    assert [(one.position, one.kill.how) for one in suspects] == [("made.jsonl:2", "SIGSEGV")]
    assert confirm_suspects(str(tmp_path), None, job, suspects) == []


def test_where_processes_end_at_any_row_it_is_the_machine_that_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("sayso.pipeline.engine.search.MOST_ROWS", 1)
    job = deadly("all", 3, dict.fromkeys((1, 2, 3), -signal.SIGKILL))
    with pytest.raises(NotTheRows, match=r"on \S+ more than 1 rows of it end a process each, such as made.jsonl:2"):
        find_suspects(str(tmp_path), None, job)


def worker(node):
    return Worker(None, Introduction(f"host-{node}", 1, node, None))


SUSPECT = Suspect("00000", "made.jsonl:1", Kill(how="SIGKILL", mebibytes=1, host="host-a", process=2))


def test_a_job_goes_where_fewest_workers_died_at_it():
    task, here, there = Task(JOB), worker("a"), worker("b")
    task.lost(here, "died", counts=True)
    assert task.choose([here, there], {"a", "b"}, are_starting=False) is there
    # It waits for a machine whose worker is at another job, and not for one that has none.
    assert task.choose([here], {"a", "b"}, are_starting=False) is None
    assert task.choose([here], {"a"}, are_starting=False) is here


def test_a_suspect_is_tried_again_on_another_machine_where_there_is_one(tmp_path):
    task, here, there = Task(JOB, step="search"), worker("a"), worker("b")
    assert "made.jsonl:1 (SIGKILL) ended a process on host-a" in task.found(here, [SUSPECT], Ledger(str(tmp_path)))
    assert task.choose([here, there], {"a", "b"}, are_starting=False) is there
    assert task.choose([here], {"a", "b"}, are_starting=False) is None
    assert task.choose([here], {"a"}, are_starting=True) is None
    assert task.choose([here], {"a"}, are_starting=False) is here
    task.found(there, [], Ledger(str(tmp_path)))
    assert (task.step, task.killing) == ("carry out", ())


def test_machines_that_are_gone_count_against_no_job():
    task = Task(JOB)
    for _ in range(10):
        task.lost(worker("a"), "died", counts=False)
    assert task.step == "carry out"


def test_a_job_without_a_row_that_is_the_cause_is_named_with_the_machine(tmp_path):
    task, here = Task(JOB), worker("a")
    told = [task.lost(here, "died", counts=True) for _ in range(3)]
    assert told[-1].endswith("process 1 on host-a died; its rows are divided, to find one that is the cause")
    task.found(here, [], Ledger(str(tmp_path)))
    with pytest.raises(JobFailed, match=r"screen/a: 3 workers .* process 1 on host-a died, though no row of it ends a"):
        [task.lost(here, "died", counts=True) for _ in range(3)]
