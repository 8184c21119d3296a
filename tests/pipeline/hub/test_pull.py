"""A dataset comes from a stand-in for the Hub: the part that is wanted, checked, and nothing twice."""

import json

import datasets
import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from sayso.manifests.dataset.file_list import published_files
from sayso.manifests.storage import Storage
from sayso.manifests.verify.run import verify_published
from sayso.pipeline.cli import app
from sayso.pipeline.hub.choice import Choice, NoSuchPart, choose_files, row_range
from tests.hub_server import Fault
from tests.published_run import published_run
from tests.sealed_json import changed

NAME = "org/sums"
LAST = "data/train-00002-of-00003.parquet"


def call(*arguments, code=0):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    return result.stderr if code in (2, 4) else result.output


def pull(folder, *options, name=NAME):
    """What a pull says that it did."""
    return json.loads(call("pull", name, "--to", folder, *options, "--json"))


@pytest.fixture
def hub(hub_here, tmp_path, monkeypatch):
    """A Hub on which a run of ten rows for training, in three shards, and three for a test was pushed."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    call("push", published_run(tmp_path / "run").storage.root, NAME)
    hub_here.answers.clear()
    return hub_here


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "pulled"


def sent(hub):
    """The files that were sent, as often as they were."""
    return [
        answer.path.rpartition("/resolve/")[2][41:] for answer in hub.answers if answer.method == "GET" and answer.sent
    ]


def test_all_of_it_is_the_same_bytes_and_verifies_with_its_manifests(hub, folder):
    assert len(pull(folder, "--manifests")["fetched"]) == 8 + 1 + 9, "shards, a picture, and manifests"
    found = verify_published(Storage(str(folder)))
    assert found.problems == ()
    assert (found.shards, found.rows_published) == (4, 13)
    published = hub.repositories[NAME].at("main")[1]
    for path in ("README.md", "files.json", LAST):
        assert (folder / path).read_bytes() == published[path]
    again = pull(folder, "--manifests")
    assert (again["fetched"], len(again["there"])) == ([], 18)


def test_some_rows_come_as_the_shards_that_hold_them_and_can_be_opened(hub, folder):
    assert pull(folder, "--split", "train", "--rows", "7:9")["fetched"] == [
        "data/train-00001-of-00003.parquet",
        LAST,
        "funnel.svg",
    ]
    assert sorted(path for path in sent(hub) if path.endswith(".parquet")) == [
        "data/train-00001-of-00003.parquet",
        LAST,
    ]
    rows = datasets.load_dataset(str(folder), cache_dir=str(folder / ".cache/datasets"))
    assert {split: part.num_rows for split, part in rows.items()} == {"train": 6}
    answers = pl.read_parquet(folder / "data/*.parquet")["answer"].to_list()
    assert answers == [f"Four. {number}" for number in range(4, 10)]
    assert pull(folder, "--config", "ichigo", "--split", "test")["fetched"] == ["ichigo/test-00000-of-00001.parquet"]
    card = (folder / "README.md").read_text()
    assert "data/train-*" in card
    assert "ichigo/test-*" in card
    assert "ichigo/train-*" not in card
    assert len(pull(folder)["there"]) == 4
    assert (folder / "README.md").read_bytes() == hub.repositories[NAME].at("main")[1]["README.md"]


def test_other_tools_read_the_files_as_they_are(hub, folder):
    pull(folder)
    files = f"{folder}/data/train-*.parquet"
    counted = "SELECT count(*), sum(len(sound_tokens)), min(conversations[2].content) FROM read_parquet(?)"
    rows = pl.scan_parquet(files)
    tokens = rows.select(pl.col("sound_tokens").list.len().sum()).collect().item()
    assert duckdb.execute(counted, [files]).fetchone() == (10, tokens, "Four. 0")
    assert rows.select("source", "kind").unique().collect().rows() == [("web", "instruction")]


def test_a_file_that_comes_wrong_is_fetched_once_more(hub, folder):
    hub.faults.append(Fault(LAST, "wrong", times=2))
    pull(folder)
    assert sent(hub).count(LAST) == 2
    assert verify_published(Storage(str(folder))).problems == ()


def test_a_file_that_comes_wrong_again_is_named_and_not_kept(hub, folder):
    hub.faults.append(Fault(LAST, "wrong", times=99))
    told = call("pull", NAME, "--to", folder, code=6)
    assert f"{LAST}: it came twice from hf://datasets/{NAME}@" in told
    assert not (folder / LAST).exists()
    assert not (folder / "README.md").exists()
    hub.faults.clear()
    hub.answers.clear()
    pull(folder)
    assert [path for path in sent(hub) if path.endswith(".parquet")] == [LAST]


def test_a_file_here_that_is_damaged_is_fetched_anew(hub, folder):
    pull(folder)
    content = bytearray((folder / LAST).read_bytes())
    content[20] ^= 1
    (folder / LAST).write_bytes(content)
    assert pull(folder)["fetched"] == [LAST]


def test_a_busy_hub_and_a_broken_connection_are_waited_out(hub, folder, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    hub.faults += [Fault(LAST, "busy"), Fault(LAST, "cut", times=2), Fault("revision/main", "down")]
    pull(folder)
    assert all(fault.times == 0 for fault in hub.faults)
    assert verify_published(Storage(str(folder))).problems == ()


def test_a_later_version_takes_the_place_of_an_earlier_one(hub, folder, tmp_path):
    first = hub.repositories[NAME].branches["main"]
    pull(folder, "--manifests")
    call("push", published_run(tmp_path / "other", train=(5, 5), words="It is four.").storage.root, NAME)
    fetched = pull(folder, "--manifests")["fetched"]
    assert "data/test-00000-of-00001.parquet" not in fetched
    assert verify_published(Storage(str(folder))).problems == ()
    assert not (folder / LAST).exists()
    pull(folder, "--revision", first)
    assert verify_published(Storage(str(folder))).problems == ()
    assert not (folder / "plan.json").exists()


def test_verify_takes_the_name_of_a_dataset_on_the_hub(hub, folder):
    assert "4 shards, " in call("verify", NAME)
    call("verify", NAME, "--to", folder)
    assert (folder / LAST).exists()
    files = hub.repositories[NAME].at("main")[1]
    shown = changed(files["files.json"], lambda listed: listed["files"][2].update(rows=3))
    hub.commit(NAME, {**files, "files.json": shown})
    assert f"{LAST}: has 2 rows, the list says 3" in call("verify", NAME, code=6)
    told = call("verify", "runs/none", code=4)
    assert "there is no folder runs/none here, and on the Hub: runs/none: the Hub has no such dataset" in told


def test_what_cannot_be_pulled_is_said_in_a_sentence(hub, folder, tmp_path):
    told = call("pull", NAME, "--to", tmp_path / "run", code=4)
    assert f"{tmp_path / 'run'} holds a run; choose another folder with --to" in told
    assert "org/none: the Hub has no such dataset" in call("pull", "org/none", "--to", folder, code=4)
    assert "no such revision" in call("pull", NAME, "--to", folder, "--revision", "v9", code=4)
    hub.commit("org/other", {"data.csv": b"a,b"})
    assert "org/other has no files.json, so it is no dataset that" in call("pull", "org/other", "--to", folder, code=4)
    assert "no config tiny; there are default, ichigo" in call("pull", NAME, "--to", folder, "--config", "tiny", code=2)
    files = hub.repositories[NAME].at("main")[1]
    outside = changed(files["files.json"], lambda listed: listed["files"][2].update(name=f"../../{LAST}"))
    hub.commit("org/bad", {**files, "files.json": outside})
    told = call("pull", "org/bad", "--to", folder, code=4)
    assert f"it names '../../{LAST}', which is no shard of a dataset" in told


def test_rows_choose_the_shards_that_overlap(hub, tmp_path):
    files = published_files(Storage(str(tmp_path / "run" / "dataset")))

    def shards(rows):
        return [int(file.name[11:16]) for file in choose_files(files, Choice(split="train", rows=row_range(rows)))]

    assert [shards(rows) for rows in ("0:4", "3:5", "4:", ":1", "9:99")] == [[0], [0, 1], [1, 2], [0], [2]]
    with pytest.raises(NoSuchPart, match="there is no row 10: the split has 10"):
        shards("10:12")
    with pytest.raises(NoSuchPart, match="rows are counted within a split; name one of test, train with --split"):
        choose_files(files, Choice(rows=row_range("0:1")))
    for wrong in ("5", "5:5", "-1:3"):
        with pytest.raises(NoSuchPart, match="is no range of rows; write A:B"):
            row_range(wrong)
