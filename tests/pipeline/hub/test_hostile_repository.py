"""A repository that means harm: nothing outside of the folder is read or written, nothing of the user's is replaced."""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sayso.pipeline.cli import app
from sayso.pipeline.hub.uploads import uploads_of
from tests.published_run import published_run
from tests.sealed_json import changed

NAME = "org/sums"
LAST = "data/train-00002-of-00003.parquet"
RECORD = "manifests/compose/train-00000-of-00003.record.json"
PAYLOAD = b"raise SystemExit('owned')\n"

MINE = ("setup.py", "conftest.py", "plan.json", "passwd", "README.md")

TOUCHING = ("open", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link")
# Every place that was touched, since the list was last emptied.
_touched: list[str] = []


def _note(event, arguments):
    if event in TOUCHING:
        _touched.extend(os.fsdecode(each) for each in arguments[:2] if isinstance(each, str | bytes | os.PathLike))


sys.addaudithook(_note)


def pushed(folder, **made):
    """What a repository has after a push of a run of ten rows for training, in three shards, and three for a test."""
    ledger = published_run(folder, **made)
    return {
        file.path: ledger.storage.read(file.name) if file.content is None else file.content
        for file in uploads_of(ledger)
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return pushed(tmp_path_factory.mktemp("run"))


@pytest.fixture
def hub(hub_here, files, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    hub_here.commit(NAME, files)
    return hub_here


@pytest.fixture(scope="module")
def whole(files, tmp_path_factory):
    """What a pull of everything leaves in a folder."""
    folder = tmp_path_factory.mktemp("whole") / "pulled"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    brought = {"repository": NAME, "files": sorted(files)}
    (folder / ".sayso-pull.json").write_text(json.dumps(brought))
    return folder


@pytest.fixture
def pulled(whole, tmp_path):
    return Path(shutil.copytree(whole, tmp_path / "pulled"))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder with files of the user's, in which the commands are called; nothing in it may change or be opened."""
    home = tmp_path / "home"
    home.mkdir()
    for name in MINE:
        (home / name).write_text(f"my {name}")
    os.mkfifo(home / "pipe")
    monkeypatch.chdir(home)
    return home


def told(*arguments, codes):
    """What a command says on the terminal, in lines; it ends with one of the codes and shows no traceback."""
    _touched.clear()
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code in codes, (result.output, result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output.strip().splitlines()


def unharmed(home, but=""):
    """Whether the user's files are as they were, and none of them was touched."""
    touched = [path for path in _touched if path.startswith((str(home), "/etc/passwd", "/dev/zero"))]
    assert touched == []
    assert {path.name: path.read_text() for path in home.iterdir() if path.is_file()} == {
        name: f"my {name}" for name in MINE if name != but
    }


def tampered(hub, name, change):
    """A repository as NAME's, with some files changed; a change takes the files and gives others."""
    files = dict(hub.repositories[NAME].at("main")[1])
    hub.commit(name, change(files))
    return name


def with_name(path):
    """The list names a file as `path`, and there is one of that path in the repository."""

    def change(files):
        of_payload = {"name": path, "bytes": len(PAYLOAD), "sha256": hashlib.sha256(PAYLOAD).hexdigest()}
        listed = changed(files["files.json"], lambda listed: listed["files"][2].update(of_payload))
        return {**files, "files.json": listed, path: PAYLOAD}

    return change


@pytest.mark.parametrize(
    "path",
    [
        "setup.py",
        "conftest.py",
        "plan.json",
        "README.md",
        "../home/setup.py",
        "data/../../home/setup.py",
        "/etc/passwd",
        "/dev/zero",
        "data/x.py",
        ".git/hooks/post-checkout",
        "data/train-00000-of-00003.parquet\0.py",
        "C:\\Windows\\x",
        "data\\..\\..\\setup.py",
        "dаta/train-00002-of-00003.parquet",
        "pipe",
    ],
)
def test_a_list_that_names_other_files_than_ours_brings_nothing(hub, home, tmp_path, path):
    bad = tampered(hub, "org/bad", with_name(path))
    to = tmp_path / "pulled"
    (line,) = told("pull", bad, "--to", to, "--manifests", codes=[4])
    assert "which is no shard of a dataset; nothing of that name is touched" in line
    assert not to.exists()
    unharmed(home)
    told("verify", bad, codes=[4])
    unharmed(home)


def test_files_that_are_not_ours_stay_in_the_repository(hub, home, tmp_path):
    foreign = (
        "setup.py",
        "conftest.py",
        ".git/config",
        "manifests/x.py",
        "manifests/compose/x.pth",
        "work/a",
        "LICENSE",
    )
    bad = tampered(hub, "org/bad", lambda files: {**files, **dict.fromkeys(foreign, PAYLOAD)})
    told("pull", bad, "--to", tmp_path / "pulled", "--manifests", codes=[0])
    assert PAYLOAD not in [path.read_bytes() for path in (tmp_path / "pulled").rglob("*") if path.is_file()]
    unharmed(home)


def test_nothing_is_pulled_into_a_folder_of_the_users(hub, home):
    (line,) = told("pull", NAME, "--to", ".", codes=[4])
    assert "holds a run; choose another folder" in line
    unharmed(home)
    (home / "plan.json").unlink()
    (line,) = told("pull", NAME, "--to", ".", codes=[4])
    assert "is not empty and was not made by a pull: README.md is there; choose an empty folder with --to" in line
    unharmed(home, but="plan.json")


def test_what_the_user_has_put_into_a_pulled_folder_is_not_replaced(hub, home, tmp_path):
    to = tmp_path / "pulled"
    told("pull", NAME, "--to", to, "--config", "ichigo", codes=[0])
    (to / LAST).parent.mkdir()
    (to / LAST).write_bytes(b"mine")
    (line,) = told("pull", NAME, "--to", to, codes=[4])
    assert f"{LAST} was not put there by a pull, and would be overwritten; move it away" in line
    assert (to / LAST).read_bytes() == b"mine"
    (line,) = told("pull", tampered(hub, "org/other", lambda files: files), "--to", to, codes=[4])
    assert f"holds {NAME}; choose another folder with --to" in line


@pytest.mark.parametrize("link", ["data", "README.md", LAST, "files.json", ".sayso-pull.json", "manifests"])
def test_no_link_in_a_pulled_folder_is_followed(hub, pulled, tmp_path, link):
    to, elsewhere = pulled, tmp_path / "elsewhere"
    (to / link).rename(elsewhere)
    before = {path: path.read_bytes() for path in (elsewhere, *elsewhere.rglob("*")) if path.is_file()}
    (to / link).symlink_to(elsewhere)
    hub.commit(NAME, pushed(tmp_path / "again", train=(5, 5), words="It is four."))
    (line,) = told("pull", NAME, "--to", to, "--manifests", codes=[1, 4])
    assert "take it away" in line
    assert {path: path.read_bytes() for path in (elsewhere, *elsewhere.rglob("*")) if path.is_file()} == before


def replaced(path, content):
    return lambda files: {**files, path: content}


def in_json(path, change):
    """A JSON file of the repository with something in it changed, and its checksum made anew."""
    return lambda files: {**files, path: changed(files[path], change)}


def _files(names):
    return lambda record: record.update(
        files=[{**record["files"][0], "name": name, "bytes": 8} for name in names] + record["files"]
    )


@pytest.mark.parametrize(
    "change",
    [
        in_json(RECORD, _files(["manifests/../../home/passwd"])),
        in_json(RECORD, _files(["../../../../etc/passwd"])),
        in_json(RECORD, _files(["/dev/zero"])),
        in_json(RECORD, _files(["pipe"])),
        in_json(RECORD, _files(["manifests/compose/\0.verdicts.parquet"])),
        in_json(RECORD, lambda record: record["key"].update(shard="../../../home/passwd")),
        in_json(RECORD, lambda record: record["key"].update(stage="../../home")),
        in_json(RECORD, lambda record: record.update(files={"name": "x"})),
        in_json(RECORD, lambda record: record.update(files=7)),
        in_json(RECORD, lambda record: record["files"][0].update(bytes=10**30)),
        in_json(RECORD, lambda record: record["files"][0].update(bytes=-1)),
        in_json(RECORD, lambda record: record.update(rows_in="many")),
        replaced(RECORD, b"[" * 1_000_000),
        replaced(RECORD, b'{"key":' * 200_000),
        replaced(RECORD, b'{"rows_in": ' + b"9" * 100_000 + b"}"),
        replaced(RECORD, b"\0\xff"),
        replaced(RECORD, b"{" + b" " * (17 << 20) + b"}"),
        in_json("plan.json", lambda plan: plan["stages"][0].update(stage="../../home")),
        in_json("plan.json", lambda plan: plan["stages"][0].update(shards=["../../../home/passwd"])),
        in_json("plan.json", lambda plan: plan["stages"][0].update(shards="train")),
        in_json("plan.json", lambda plan: plan.update(stages=5)),
        replaced("plan.json", b"[" * 1_000_000),
        replaced("plan.json", b"null"),
        replaced("files.json", b"[" * 1_000_000),
        replaced("files.json", b'{"files": 5}'),
        replaced("files.json", b" " * (65 << 20)),
        replaced("README.md", b"#" * (17 << 20)),
        replaced(LAST, b"PAR1 no, it is not PAR1"),
    ],
    ids=range(28),
)
def test_what_a_repository_says_is_checked_and_told_in_short_sentences(hub, home, change):
    bad = tampered(hub, "org/bad", change)
    lines = told("verify", bad, codes=[1, 4, 5, 6])
    assert lines
    assert max(map(len, lines)) < 700
    unharmed(home)


def test_a_table_that_is_none_is_named_though_its_list_is_right(hub, home):
    def change(files):
        content = b"PAR1 no, it is not PAR1"
        of_content = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        listed = changed(files["files.json"], lambda listed: listed["files"][2].update(of_content))
        return {**files, "files.json": listed, LAST: content}

    lines = told("verify", tampered(hub, "org/bad", change), codes=[6])
    assert f"{LAST}: cannot be read as a table (ArrowInvalid)" in lines


@pytest.mark.parametrize(
    "front",
    [
        b"a: " + b"[" * 9_000,
        b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        b"- 1\n- 2",
        b"a: !!python/object/apply:os.system ['touch owned']",
        b"a: 2024-99-99",
        b"a: \xff\xfe",
        b"a: " + b"x" * 200_000,
    ],
    ids=range(7),
)
def test_a_part_is_pulled_with_a_card_or_the_card_is_refused_in_a_sentence(hub, home, tmp_path, front):
    bad = tampered(hub, "org/bad", replaced("README.md", b"---\n" + front + b"\n---\n\n# Sums\n"))
    lines = told("pull", bad, "--to", tmp_path / "pulled", "--config", "ichigo", codes=[0, 4])
    assert len(lines) == 1
    unharmed(home)


@pytest.mark.parametrize("name", ["plan.json", "files.json", "README.md", LAST, RECORD, "data"])
@pytest.mark.parametrize("what", ["pipe", "link", "device", "folder"])
def test_a_folder_with_a_link_a_pipe_or_a_device_in_it_is_verified_without_reading_them(
    home, pulled, tmp_path, name, what
):
    to = pulled
    (to / name).rename(tmp_path / "away")
    if what == "pipe":
        os.mkfifo(to / name)
    elif what == "folder":
        (to / name).mkdir()
    else:
        (to / name).symlink_to("/dev/zero" if what == "device" else home / "passwd")
    lines = told("verify", to, codes=[1, 5, 6])
    assert max(map(len, lines)) < 700
    unharmed(home)
