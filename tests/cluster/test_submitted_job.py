"""A run as a job: the command as the page prints it, handed in to a cluster that asks for a token."""

import json
import re
import shlex
import subprocess

import pytest
import yaml

from tests.cluster.ray_head import SLOW, started_head
from tests.docs.page import DOCS
from tests.faults.small_runs import WRITTEN, recipe
from tests.runs import sayso_here

pytestmark = SLOW
PAGE = (DOCS / "how-to/resume-and-clusters.md").read_text()
PRINTED = re.search(r"^\$ (ray job submit --address http://head:8265 -- .*)$", PAGE, re.M)[1]
RAY_JOB = yaml.safe_load((DOCS / "how-to/deploy/rayjob.yaml").read_text())["spec"]


@pytest.fixture(scope="module")
def head():
    """The address of a head that takes jobs in, and the environment with its token."""
    with started_head("--include-dashboard=true") as started:
        yield f"http://127.0.0.1:{started.dashboard}", started.environment


def hand_in(head, command, *options):
    """What is said of a job until it ends."""
    address, environment = head
    submit, _, entry = command.replace("http://head:8265", address).partition(" -- ")
    words = [*shlex.split(submit), *options, "--", *shlex.split(entry)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=900, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_printed_command_does_the_run_with_the_environment_of_the_ray_job(head, tmp_path):
    (tmp_path / "mine.yaml").write_text(recipe(tmp_path, WRITTEN, 20).read_text())
    sayso_here("models", "fetch", tmp_path / "mine.yaml", "--to", tmp_path / "models")
    asked = yaml.safe_load(RAY_JOB["runtimeEnvYAML"])
    asked["env_vars"] |= {"OMP_NUM_THREADS": "4", "SAYSO_MODELS": str(tmp_path / "models")}
    code, said = hand_in(head, PRINTED.replace("/shared", str(tmp_path)), "--runtime-env-json", json.dumps(asked))
    assert code == 0, said
    assert "Funnel" in said
    assert "warning" not in said
    assert "published\n" in sayso_here("status", tmp_path / "runs/mine").stdout
    sayso_here("verify", tmp_path / "runs/mine")


def test_a_relative_folder_is_refused_and_the_job_fails(head, tmp_path):
    code, said = hand_in(head, PRINTED.replace("/shared/mine.yaml", "demo").replace("/shared/", ""))
    assert code == 1
    assert "error: runs/mine: in a job of Ray this is below /" in said
