"""In a job of Ray what is written goes where it lasts, and workers have the job's environment beside ours."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import ray

import sayso
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record
from sayso.pipeline.engine.engine import THREADS, Engine
from sayso.pipeline.resources import Resources
from sayso.pipeline.submitted_job import JOB, OURS_FIRST, PassingPlace, lasting
from tests.pipeline.engine.test_engine import MadeUpJob, key
from tests.runs import sayso_here

NOTED = ("GREETING", "OMP_NUM_THREADS")


@pytest.fixture
def in_job(monkeypatch, tmp_path):
    """What Ray gives to a job's command: the environment that it was handed in with, and a folder of Ray's own."""
    environment = {"GREETING": "hello", "OMP_NUM_THREADS": "4"}
    monkeypatch.setenv(JOB, json.dumps({"runtime_env": {"env_vars": environment}, "metadata": {}}))
    monkeypatch.chdir(tmp_path)


def test_a_relative_path_to_write_to_is_refused_in_a_job_alone(in_job, monkeypatch):
    for place in ("/runs/demo", "s3://bucket/runs/demo", Path("/runs/demo")):
        assert lasting(place) == place
    with pytest.raises(PassingPlace, match=r"^runs/demo: in a job of Ray this is below /\S+, a folder of Ray's own"):
        lasting("runs/demo")
    monkeypatch.delenv(JOB)
    assert lasting("runs/demo") == "runs/demo"


@pytest.mark.parametrize(
    "command",
    [
        ("run", "demo", "--to", "made"),
        ("run", "demo", "--to", "made", "--dry-run"),
        ("run", "demo", "--to", "/nowhere/made", "--log-file", "made"),
        ("export", "/nowhere/dataset", "--to", "made", "--as", "conversations"),
        ("pull", "our-org/spoken", "--to", "made"),
        ("verify", "our-org/spoken", "--to", "made"),
        ("models", "fetch", "demo", "--to", "made"),
    ],
)
def test_no_command_writes_to_a_folder_that_goes_with_the_cluster(command, in_job, tmp_path):
    told = " ".join(sayso_here(*command, code=sayso.ExitCode.WRONG_USE).output.split())
    assert told.startswith("error: made: in a job of Ray this is below ")
    assert told.endswith("name an absolute path that all machines see, or the URL of a store")
    assert list(tmp_path.iterdir()) == []


def test_from_python_it_is_refused_too(in_job):
    with pytest.raises(PassingPlace, match=r"^made: "):
        sayso.run(sayso.load_recipe("demo"), to="made")


@dataclass(frozen=True)
class EnvironmentJob(MadeUpJob):
    """A job that notes what its worker's environment says."""

    def outcome(self, ledger):
        Path(ledger.storage.root, "noted").write_text(json.dumps({name: os.environ.get(name) for name in NOTED}))
        return super().outcome(ledger)


ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])


def test_workers_have_the_variables_of_the_job_and_as_many_threads_as_ever(in_job, ray_cluster, tmp_path):
    with Engine(Resources(text={"workers": 1}), ray_cluster) as engine:
        [done] = engine.run(Ledger(str(tmp_path)), [EnvironmentJob(key("a"))], "text")
    assert isinstance(done, Record)
    noted = json.loads((tmp_path / "noted").read_text())
    assert noted == {"GREETING": "hello", "OMP_NUM_THREADS": THREADS["OMP_NUM_THREADS"]}
    assert OURS_FIRST not in os.environ
