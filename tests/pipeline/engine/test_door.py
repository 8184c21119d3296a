"""Who may take part in a run: a worker says what it has, and what is unlike this machine is told in one sentence."""

import json
import re
import subprocess
import sys
import tomllib
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import ray

from sayso.manifests.lease import Claim, Lease, this_process
from sayso.manifests.ledger import Ledger
from sayso.pipeline.engine.door import DECIDING, SPEECH_PACKAGES, TEXT_PACKAGES, Installed, Introduction, fault
from sayso.pipeline.engine.worker_process import WorkerProcess, _fault_of_folder
from sayso.pipeline.engine.workers import Worker, worker_process

REPOSITORY = Path(__file__).parents[3]
FAQ = "the schema 'faq' of sayso-faq 1.0"
HERE = Installed("c0de", (), {"polars": "1.36.1", "torch": "2.9.1+cpu"})

# Those of sayso's dependencies by which no byte of what is made is another: they find and move files, check recipes,
# hand out work, answer questions and print.
OF_NO_ACCOUNT = {"duckdb", "fsspec", "huggingface-hub", "pydantic", "pyyaml", "ray", "rich", "tqdm", "typer"}


def told(**differs):
    """What is told of a worker that differs so from this machine."""
    there = Introduction("beta", 12, "n0de", replace(HERE, **differs))
    return fault(there, HERE)


def test_a_worker_like_this_machine_may_take_part():
    assert told() is None
    assert told(packages={**HERE.packages, "vllm": "0.11"}) is None
    # One build of torch for machines with a GPU, another for those without.
    assert told(packages={**HERE.packages, "torch": "2.9.1+cu126"}) is None


@pytest.mark.parametrize(
    ("differs", "sentence"),
    [
        ({"source": "other"}, "has another sayso than this machine; install the same version on all machines"),
        (
            {"packages": {"polars": "1.30.0", "torch": "2.9.1"}},
            "has polars 1.30.0, and this machine 1.36.1; install the same packages on all machines",
        ),
        (
            {"packages": {"torch": "2.9.1"}},
            "lacks polars, which this machine has in 1.36.1; install the same packages on all machines",
        ),
        (
            {"plugins": ((FAQ, "sayso-faq 1.0 c0de"),)},
            f"has {FAQ}, which is not on this machine; install the same packages on all machines",
        ),
    ],
)
def test_what_is_other_is_named(differs, sentence):
    assert told(**differs) == sentence


def test_a_gpu_that_ray_counts_and_torch_does_not_find_is_told():
    there = Introduction("beta", 12, "n0de", HERE, gpu="NVIDIA L4")
    assert fault(there, HERE) is None
    assert str(Worker(None, there)) == "process 12 on beta (NVIDIA L4)"
    sentence = "has a GPU by Ray's count, and torch finds none there; look at the driver of its GPU, and at its torch"
    assert fault(Introduction("beta", 12, "n0de", HERE, gpu=""), HERE) == sentence
    assert (
        str(Worker(None, Introduction("beta", 12, "n0de", HERE, gpu="NVIDIA L4"))) == "process 12 on beta (NVIDIA L4)"
    )


@pytest.mark.parametrize("there", [(), ((FAQ, "sayso-faq 1.0 0ther"),)])
def test_a_plugin_that_is_missing_or_of_other_code_is_named(there):
    here = replace(HERE, plugins=((FAQ, "sayso-faq 1.0 c0de"),))
    worker = Introduction("beta", 12, "n0de", replace(here, plugins=there))
    assert fault(worker, here) == f"lacks {FAQ} as it is on this machine; install the same packages on all machines"


def test_a_machine_without_sayso_says_so():
    """What is sent to it is all that it needs for that."""
    sent = ray.cloudpickle.dumps(WorkerProcess)
    program = """
import json, sys
from ray import cloudpickle
sys.modules["sayso"] = None
process = cloudpickle.loads(sys.stdin.buffer.read())
process.introduce.__globals__["ray"] = type("Ray", (), {"get_runtime_context": lambda: Ray, "get_node_id": lambda: "n"})
Ray = process.introduce.__globals__["ray"]
print(json.dumps(process().introduce("/nowhere", None, ["polars"], True)))
"""
    said = subprocess.run([sys.executable, "-c", program], input=sent, capture_output=True, check=True)
    there = Introduction.of(json.loads(said.stdout))
    assert there.installed is None
    sentence = fault(there, HERE)
    assert sentence.startswith("cannot import sayso (ModuleNotFoundError: ")
    assert sentence.endswith("); install it there as on this machine")
    assert "\n" not in sentence


def test_this_machine_is_like_itself():
    there = Introduction.of({"host": "a", "process": 1, "node": "n", "installed": asdict(Installed.here("speech"))})
    assert fault(there, Installed.here("speech")) is None
    assert {"polars", "numpy"} <= {*there.installed.packages}


def test_the_folder_of_the_run_takes_a_file_and_gives_it_back(tmp_path):
    ledger = Ledger(str(tmp_path))
    with Lease(ledger.storage, this_process(), print) as claim:
        before = sorted(tmp_path.iterdir())
        assert _fault_of_folder(str(tmp_path), claim.model_dump()) is None
        assert sorted(tmp_path.iterdir()) == before
        other = Claim(name=claim.name, token="of another run").model_dump()
        assert _fault_of_folder(str(tmp_path), other) == f"does not see the run in {tmp_path} as this machine does"
    elsewhere = str(tmp_path / "not" / "mounted")
    assert (
        _fault_of_folder(elsewhere, claim.model_dump()) == f"does not see the run in {elsewhere} as this machine does"
    )
    assert not Path(elsewhere).exists()


def test_a_folder_in_which_nothing_can_be_written_is_told_with_the_reason(tmp_path):
    (tmp_path / "file").touch()
    there = Introduction("beta", 12, "n0de", HERE, cannot_use=_fault_of_folder(str(tmp_path / "file"), None))
    sentence = fault(there, HERE)
    assert sentence.startswith(f"cannot read and write in {tmp_path}/file (")
    assert sentence.endswith("); name a folder that all machines share and may write to, or a store")


def test_what_is_left_by_a_worker_that_is_killed_meanwhile_is_cleared_away(tmp_path, monkeypatch):
    from sayso.manifests.run_folder import clear_for_run

    with monkeypatch.context() as patch:
        patch.setattr("sayso.manifests.storage.Storage.remove", lambda storage, name: None)
        assert _fault_of_folder(str(tmp_path), None) is None
    assert len(list(tmp_path.iterdir())) == 1
    clear_for_run(Ledger(str(tmp_path)))
    assert list(tmp_path.iterdir()) == []


def test_every_dependency_is_known_to_decide_about_bytes_or_not():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]

    def names(asked):
        return {re.match(r"[\w-]+", one)[0].replace("_", "-") for one in asked} - {"sayso"}

    assert names(project["dependencies"]) == {*TEXT_PACKAGES} | OF_NO_ACCOUNT
    extras = project["optional-dependencies"]
    assert names([*extras["speech"], *extras["whisperspeech"], *extras["speechless"]]) == {*SPEECH_PACKAGES}
    assert DECIDING["text"] == TEXT_PACKAGES
    assert worker_process.WorkerProcess is WorkerProcess
