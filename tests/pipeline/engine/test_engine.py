"""Jobs go out a few at a time; a broken one is named, a dead worker is replaced, a silent one is reported."""

import importlib
import os
import signal
import stat
import sys
import time
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from itertools import chain
from pathlib import Path

import polars as pl
import psutil
import pytest
import ray

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record, ShardKey
from sayso.manifests.verdicts import VERDICT_SCHEMA, Outcome
from sayso.pipeline.engine.dispatch import Stalled
from sayso.pipeline.engine.door import Installed
from sayso.pipeline.engine.engine import Engine, NoCluster
from sayso.pipeline.engine.exposure import exposure
from sayso.pipeline.engine.machines import Machines
from sayso.pipeline.engine.task import JobFailed
from sayso.pipeline.resources import Resources
from sayso.stages.jobs.code_version import PARTS
from sayso.stages.jobs.job import Done, carry_out
from tests.runs import wait_for_records


@dataclass(frozen=True)
class MadeUpJob:
    """A job without rows that may be slow, raise, or kill its worker the first time."""

    key: ShardKey
    parameters: dict = field(default_factory=dict)
    seconds: float = 0
    raises: str = ""
    dies_unless: str = ""

    def outcome(self, ledger):
        time.sleep(self.seconds)
        if self.raises:
            raise ValueError(self.raises)
        if self.dies_unless and not Path(self.dies_unless).exists():
            Path(self.dies_unless).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Done(Outcome(pl.DataFrame(schema={"id": pl.String}), pl.DataFrame(schema=VERDICT_SCHEMA)), 0)


# Workers import what is installed, and the jobs of a test are not.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])


def job(shard, **what):
    return MadeUpJob(ShardKey(stage="test", shard=shard, fingerprint="f", input="i"), **what)


@pytest.fixture(scope="module")
def engine():
    with Engine(Resources(text={"workers": 2}, speech={"gpus": 99}, stall_seconds=1.0), None) as engine:
        yield engine


@dataclass(frozen=True)
class ImportingJob(MadeUpJob):
    """A job that imports all stages, and fails where a folder of theirs is then found under its bare name."""

    def outcome(self, ledger):
        importlib.import_module("sayso.pipeline.stage_table")
        assert not sys.modules.keys() & set(PARTS)
        return super().outcome(ledger)


def shards(answers):
    return sorted(answer.key.shard for answer in answers if isinstance(answer, Record))


def test_a_worker_imports_all_as_parts_of_sayso(engine, tmp_path):
    key = ShardKey(stage="test", shard="imports", fingerprint="f", input="i")
    assert shards(engine.run(Ledger(str(tmp_path)), [ImportingJob(key)], "text")) == ["imports"]


def test_every_job_is_carried_out_once(engine, tmp_path):
    jobs = [job(f"{number:02d}") for number in range(9)]
    assert shards(engine.run(Ledger(str(tmp_path)), jobs, "text")) == [f"{number:02d}" for number in range(9)]


def test_a_job_that_raises_is_named_with_its_error(engine, tmp_path):
    with pytest.raises(JobFailed, match=r"test/bad: ValueError: no such luck"):
        list(engine.run(Ledger(str(tmp_path)), [job("bad", raises="no such luck")], "text"))


def test_a_worker_that_dies_is_replaced_and_its_job_done(engine, tmp_path):
    marker = str(tmp_path / "died")
    assert shards(engine.run(Ledger(str(tmp_path)), [job("a", dies_unless=marker), job("b")], "text")) == ["a", "b"]
    assert Path(marker).exists()


@dataclass(frozen=True)
class WaitingJob(MadeUpJob):
    """A job that ends once there is a file `reported`."""

    def outcome(self, ledger):
        while not Path(ledger.storage.root, "reported").exists():
            time.sleep(0.02)
        return super().outcome(ledger)


def test_a_silent_job_is_reported_with_its_shard_and_process(engine, tmp_path):
    answers = []
    for answer in engine.run(Ledger(str(tmp_path)), [WaitingJob(key("slow"))], "text"):
        answers.append(answer)
        # Before, it may be reported that no worker has started.
        if isinstance(answer, Stalled) and "at work: test/slow (process " in str(answer):
            (tmp_path / "reported").touch()
    assert (tmp_path / "reported").exists()
    assert shards(answers) == ["slow"]


def test_ray_listens_on_loopback_and_nowhere_else(engine, tmp_path):
    list(engine.run(Ledger(str(tmp_path)), [job("a")], "text"))
    here, session = psutil.Process(), ray._private.worker._global_node.get_session_dir_path()
    parts = [one for one in here.children() if any(session in word for word in asked(one, "cmdline"))]
    assert {"gcs_server", "raylet"} <= {one.name() for one in parts}
    started = [here, *parts, *chain.from_iterable(one.children(recursive=True) for one in parts)]
    found = [connection for process in started for connection in asked(process, "net_connections", "tcp")]
    heard = [ip_address(one.laddr.ip) for one in found if one.status == psutil.CONN_LISTEN]
    assert len(heard) >= 4
    assert [str(address) for address in heard if not is_loopback(address)] == []


def test_nobody_else_comes_to_the_files_of_ray(engine, tmp_path):
    list(engine.run(Ledger(str(tmp_path)), [job("a")], "text"))
    session = Path(ray._private.worker._global_node.get_session_dir_path())
    assert 0o700 in {stat.S_IMODE(folder.stat().st_mode) for folder in session.parents}


def asked(process, what, *arguments):
    """What a process has several of; one that ends meanwhile, as workers do, has nothing."""
    try:
        return getattr(process, what)(*arguments)
    except psutil.NoSuchProcess:
        return []


def is_loopback(address):
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


@pytest.mark.parametrize(
    ("address", "mode", "warned"),
    [
        ("head.example:6379", None, True),
        ("192.0.2.7:6379", "disabled", True),
        ("192.0.2.7:6379", "token", False),
        ("localhost:6379", None, False),
        ("127.0.0.1:6379", None, False),
        ("[::1]:6379", None, False),
    ],
)
def test_a_cluster_that_others_can_reach_is_warned_of_unless_it_takes_tokens(monkeypatch, address, mode, warned):
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    if mode:
        monkeypatch.setenv("RAY_AUTH_MODE", mode)
    told = exposure(address)
    assert (told is not None) == warned
    assert not warned or "start it with RAY_AUTH_MODE=token" in told


def test_a_worker_that_is_unlike_this_machine_ends_a_run_that_has_no_other(engine, tmp_path, monkeypatch):
    list(engine.run(Ledger(str(tmp_path)), [job("a")], "text"))
    here = replace(Installed.here("text"), source="of another version")
    monkeypatch.setattr("sayso.pipeline.engine.engine.Installed.here", lambda pool: here)
    monkeypatch.setattr(engine, "_machines", Machines())
    engine._pools.clear()
    with pytest.raises(NoCluster, match=r"process \d+ on \S+ has another sayso than this machine; install the same"):
        list(engine.run(Ledger(str(tmp_path)), [job("b")], "text"))
    engine._pools.clear()


def test_without_the_gpus_that_are_asked_for_the_run_says_so_at_once(engine, tmp_path):
    with pytest.raises(NoCluster, match=r"resources\.speech needs 1 CPU and 99 GPU, and Ray sees 2 CPU, \d+ GPU and"):
        list(engine.run(Ledger(str(tmp_path)), [job("a")], "speech"))


def key(shard):
    return ShardKey(stage="test", shard=shard, fingerprint="f", input="i")


@dataclass(frozen=True)
class DeadlyJob(MadeUpJob):
    """A job that kills every worker."""

    def outcome(self, ledger):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_job_at_which_every_worker_dies_is_named_after_three_and_others_are_done(engine, tmp_path):
    with pytest.raises(JobFailed, match=r"test/deadly: 3 workers came to their end at it, of which process \d+ on \S+"):
        list(engine.run(Ledger(str(tmp_path)), [DeadlyJob(key("deadly")), job("b")], "text"))
    # It went out before the last of these died, and its worker may be slower.
    wait_for_records(tmp_path, 1)
    assert Ledger(str(tmp_path)).find_record("test", "b")


def test_a_job_whose_worker_died_is_not_done_again_where_its_record_is_there(engine, tmp_path):
    ledger = Ledger(str(tmp_path))
    made = carry_out(ledger, job("deadly"))
    answers = engine.run(ledger, [DeadlyJob(key("deadly"))], "text")
    assert [answer for answer in answers if isinstance(answer, Record)] == [made]
