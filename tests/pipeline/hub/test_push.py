"""A finished run goes to a stand-in for the Hub: whole, once, and whatever goes wrong on the way."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest
from huggingface_hub import constants
from typer.testing import CliRunner

from sayso.manifests.filesystems import StorageError
from sayso.manifests.ledger import Ledger
from sayso.manifests.storage import Storage
from sayso.manifests.verify.run import verify, verify_published
from sayso.pipeline.cli import app
from sayso.pipeline.hub import push as pushing
from sayso.pipeline.hub import uploads as uploading
from tests import hub_uploads
from tests.hub_server import TOKEN, Fault
from tests.published_run import published_run
from tests.runs import started

NAME = "org/sums"


@pytest.fixture
def ledger(tmp_path):
    return published_run(tmp_path / "run")


@pytest.fixture
def hub(hub_here):
    """Every push here is made by this process, but for the one that is killed."""
    return hub_here


def push(ledger, *options, name=NAME, code=0):
    """What a push prints; on the way to an error that is its sentence."""
    result = CliRunner().invoke(app, ["push", ledger.storage.root, name, *options])
    assert result.exit_code == code, result.output
    return result.stderr if code else result.stdout


def on_hub(hub, name=NAME):
    return hub.repositories[name].at("main")[1]


def uploads(hub):
    """The objects that came whole, as often as they came."""
    return [answer.path for answer in hub.answers if answer.method == "PUT" and answer.status == 200]


def pulled(hub, folder, name=NAME):
    """What is on the Hub, as a folder."""
    for path, content in on_hub(hub, name).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return Storage(str(folder))


def test_a_made_up_run_is_a_true_one(ledger):
    assert verify(ledger).problems == ()


def test_a_push_is_one_commit_that_verifies_and_a_second_one_has_nothing_to_do(hub, ledger, tmp_path):
    listed = push(ledger, "--dry-run")
    assert "send    data/train-00000-of-00003.parquet\n" in listed
    assert "would send 20 files" in listed
    assert hub.repositories == {}

    told = push(ledger)
    assert "sent 20 files (" in told
    assert f"0 were there: {hub.address}/datasets/{NAME}" in told
    repository = hub.repositories[NAME]
    assert repository.private
    assert len(repository.commits) == 2, "the one of the empty repository and the one of the push"
    found = verify_published(pulled(hub, tmp_path / "pulled"))
    assert found.problems == ()
    assert (found.shards, found.rows_published) == (4, 13)

    hub.answers.clear()
    again = json.loads(push(ledger, "--json"))
    assert (again["sent"], again["removed"], again["unchanged"]) == ([], [], 20)
    assert again["commit"] == repository.branches["main"]
    assert {answer.path for answer in hub.answers if answer.method != "GET"} == {"/api/repos/create"}
    assert push(ledger) == f"nothing to do: {hub.address}/datasets/{NAME} has all 20 files as they are here\n"


def test_no_path_and_no_machine_is_named_on_the_hub(hub, ledger):
    push(ledger, "--public")
    assert not hub.repositories[NAME].private
    plan = json.loads(on_hub(hub)["plan.json"])
    assert plan["recipe"]["sources"][0]["paths"] == ["rows.jsonl", "more/rows.jsonl"]
    record = json.loads(on_hub(hub)["manifests/compose/test-00000-of-00001.record.json"])
    here = ledger.find_record("compose", "test-00000-of-00001").model_dump(mode="json")
    assert len(record.pop("checksum")) == 64
    assert record == {**here, "worker": "", "parameters": {"model": "tiny.model", "voice": "heart"}}
    for path, content in on_hub(hub).items():
        for secret in (TOKEN, "/home/somebody", ledger.storage.root, f'"{socket.gethostname()}"'):
            assert secret.encode() not in content, path


def test_another_cut_takes_the_place_of_the_first_in_one_commit(hub, ledger, tmp_path):
    push(ledger)
    foreign = dict.fromkeys(("notes.txt", "data/notes.csv", "manifests/compose/notes.md"), b"not of sayso")
    hub.repositories[NAME].commits[hub.repositories[NAME].branches["main"]] |= foreign
    before = dict(on_hub(hub))
    sent = set(uploads(hub))
    other = published_run(tmp_path / "other", train=(5, 5), words="It is four.")
    told = push(other)
    assert "removed 12, " in told
    assert len(hub.repositories[NAME].commits) == 3
    after = on_hub(hub)
    assert sorted(path for path in after if path.startswith(("data", "ichigo")) and path not in foreign) == [
        f"{folder}/{name}.parquet"
        for folder in ("data", "ichigo")
        for name in ("test-00000-of-00001", "train-00000-of-00002", "train-00001-of-00002")
    ]
    assert foreign.items() <= after.items()
    assert after["data/test-00000-of-00001.parquet"] == before["data/test-00000-of-00001.parquet"]
    assert not set(uploads(hub)[len(sent) :]) & sent
    problems = verify_published(pulled(hub, tmp_path / "pulled")).problems
    assert {problem.where for problem in problems} == foreign.keys()


def test_a_push_that_was_killed_in_mid_file_goes_on_without_what_had_come(hub, ledger):
    hub.faults.append(
        Fault("/objects/" + ledger.find_record("compose", "train-00001-of-00003").files[2].sha256, "stuck")
    )
    killed = started("push", ledger.storage.root, NAME, environment=hub.environment)
    assert hub.stuck.wait(300)
    deadline = time.monotonic() + 300
    while len(uploads(hub)) < 11:
        assert time.monotonic() < deadline, "the others do not come"
        time.sleep(0.02)
    killed.kill()
    killed.wait()
    hub.released.set()
    assert sorted(on_hub(hub)) == [".gitattributes"], "nothing is to be seen of a push that is not done"
    push(ledger)
    assert len(uploads(hub)) == len(set(uploads(hub))) == 12
    assert "README.md" in on_hub(hub)


@pytest.fixture
def waits(monkeypatch):
    """The seconds that were to be waited, without waiting."""
    found = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


def test_a_large_file_goes_in_parts_through_a_busy_and_failing_hub(hub, waits, tmp_path, monkeypatch):
    monkeypatch.setattr(hub_uploads, "PART", 5_000)
    hub.faults += [
        Fault("repos/create", "down"),
        Fault("tree/", "down"),
        Fault("preupload", "busy", after=70),
        Fault("validate-yaml", "busy", after=80),
        Fault("info/lfs/objects/batch", "down"),
        Fault("part=0", "cut"),
        Fault("part=1", "busy"),
    ]
    push(published_run(tmp_path / "run", train=(2,)))
    assert all(fault.times == 0 for fault in hub.faults)
    assert [wait for wait in waits if 70 <= wait < 80]
    assert [wait for wait in waits if wait >= 80]
    assert verify_published(pulled(hub, tmp_path / "pulled")).problems == ()


def test_a_commit_whose_answer_is_lost_is_not_made_twice(hub, waits, ledger, tmp_path):
    hub.faults.append(Fault("/commit/main", "lost"))
    push(ledger)
    assert len(hub.repositories[NAME].commits) == 2
    assert verify_published(pulled(hub, tmp_path / "pulled")).problems == ()


def test_a_hub_that_stays_down_is_one_sentence(hub, waits, ledger):
    hub.faults.append(Fault("/commit/main", "down", times=99))
    told = push(ledger, code=4)
    assert "org/sums: the Hub did not answer as it should in 4 attempts (status 500); run the same command" in told
    hub.faults.clear()
    assert len(uploads(hub)) == 12
    push(ledger)
    assert len(uploads(hub)) == 12, "what was uploaded without a commit is not sent again"


def test_somebody_else_who_pushes_at_the_same_time_is_not_overwritten(hub, ledger, tmp_path, monkeypatch):
    push(ledger)
    send = pushing.HfApi.preupload_lfs_files

    def meanwhile(*arguments, **keywords):
        hub.commit(NAME, {**on_hub(hub), "README.md": b"# Theirs"})
        return send(*arguments, **keywords)

    monkeypatch.setattr(pushing.HfApi, "preupload_lfs_files", meanwhile)
    other = published_run(tmp_path / "other", words="It is four.")
    assert "somebody else changed it during the push; run the same command again" in push(other, code=4)
    assert on_hub(hub)["README.md"] == b"# Theirs"


def test_where_there_are_too_many_files_for_one_commit_new_manifests_go_before(hub, ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(pushing, "COMMIT_OPERATIONS", 3)
    push(ledger)
    push(published_run(tmp_path / "other", train=(2, 2, 2, 2, 2)))
    commits = list(hub.repositories[NAME].commits.values())
    assert len(commits) == 1 + (3 + 1) + (4 + 1)
    for number, files in enumerate(commits[1:]):
        visible = {path: content for path, content in files.items() if not path.startswith("manifests/")}
        whole = commits[4] if number >= 3 else commits[0]
        whole = commits[-1] if number == len(commits) - 2 else whole
        assert visible == {path: content for path, content in whole.items() if not path.startswith("manifests/")}
    for number in (5, 8):
        assert {**commits[number], **commits[4]} == commits[number], "the manifests of the first version are there"


def test_who_may_not_write_is_told_what_to_do(hub, ledger, monkeypatch):
    hub.forbidden.add("closed")
    assert "closed/sums: this token may not write to closed; take one that may" in push(
        ledger, name="closed/sums", code=4
    )
    monkeypatch.setenv("HF_TOKEN", "hf_old")
    assert "the token is not known; run `hf auth login`" in push(ledger, code=4)
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", "/nowhere")
    told = push(ledger, code=4)
    assert "org/sums: nobody is logged in; run `hf auth login`, or set HF_TOKEN" in told
    assert "'sums' is no name of a dataset on the Hub; write ORG/NAME" in push(ledger, name="sums", code=2)


def test_only_a_finished_and_true_run_is_pushed(hub, ledger, monkeypatch):
    shard = "dataset/data/train-00000-of-00003.parquet"
    ledger.storage.write(shard, ledger.storage.read(shard)[:-1])
    assert "data/train-00000-of-00003.parquet: has" in push(ledger, code=6)
    ledger.storage.remove("dataset/README.md")
    assert f"{ledger.storage.root} is not finished; run `sayso run RECIPE --to" in push(ledger, code=5)
    dataset = Ledger(ledger.storage.path("dataset"))
    assert "is a dataset by itself; name the folder of the run that made it" in push(dataset, code=5)
    monkeypatch.setattr(uploading, "FILES_PER_FOLDER", 7)
    assert "manifests/compose: 8 files, and the Hub takes 7 in a folder" in push(
        published_run(ledger.storage.root), code=1
    )
    assert hub.answers == []


READ = """
import datasets, json
rows = datasets.load_dataset("org/sums")
first = next(iter(datasets.load_dataset("org/sums", "ichigo", split="test", streaming=True)))
tokens = str(rows["train"].features["sound_tokens"])
print(json.dumps([rows.num_rows, tokens, rows["train"][9]["answer"], first["index"]]))
"""


def test_a_file_that_cannot_be_read_here_is_no_fault_of_the_hub(hub, ledger, monkeypatch):
    def lost(storage, name):
        raise StorageError(f"{name} is lost")

    monkeypatch.setattr(pushing.Push, "_addition", lambda push, file: lost(push.storage, file.name or file.path))
    assert push(ledger, code=1).endswith("is lost\n")


def test_the_pushed_dataset_is_loaded_by_its_name(hub, ledger, tmp_path):
    push(ledger)
    surroundings = {**os.environ, **hub.environment, "HF_HOME": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=True, env=surroundings)
    assert json.loads(done.stdout) == [{"train": 10, "test": 3}, "List(Value('uint16'))", "Four. 9", 10]
