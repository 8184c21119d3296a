"""An export as people meet it: it can be repeated and goes on, and touches nothing that is not its own."""

import errno
import hashlib
import json
import shutil
from dataclasses import replace

import polars as pl
import pytest
from typer.testing import CliRunner

from sayso.manifests.dataset.file_list import file_list, published_files
from sayso.manifests.progress import no_progress
from sayso.manifests.storage import Storage
from sayso.pipeline.cli import app
from sayso.pipeline.export import conversation_lines
from sayso.pipeline.export.export import Export
from sayso.pipeline.export.formats import FORMATS
from sayso.pipeline.export.published_rows import rows_of
from sayso.pipeline.hub.choice import Choice
from sayso.pipeline.hub.pulled_folder import Brought
from tests.pipeline.export.heard_dataset import publish, with_audio
from tests.pipeline.export.test_formats import files_of
from tests.published_dataset import relist
from tests.published_run import published_run
from tests.sound_formats import SOUND_FORMAT

FIRST = "data/train-00000-of-00002.parquet"


def call(*arguments, code=0):
    result = CliRunner().invoke(app, ["export", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return " ".join((result.stderr if code else result.output).split())


def export(dataset, to, *options, form="conversations"):
    """What an export says that it did."""
    return json.loads(call(dataset, "--as", form, "--to", to, *options, "--json"))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published"))[0].root


@pytest.fixture
def dataset(published, tmp_path):
    shutil.copytree(published, tmp_path / "dataset")
    return str(tmp_path / "dataset")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_what_is_there_and_right_is_not_made_again(dataset, out):
    done = export(dataset, out, form="lhotse")
    assert (len(done["written"]), done["there"]) == (6, [])
    before = files_of(out)
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*.tar")}
    again = export(dataset, out, form="lhotse")
    assert (again["written"], len(again["there"]), again["rows"]) == ([], 6, done["rows"])
    assert files_of(out) == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_rows_without_audio_are_told_by_their_kind_and_the_others_are_all_there(dataset, out):
    done = export(dataset, out, form="webdataset")
    assert done["left_out"] == {"text": 3, "inaudible": 3}
    assert done["rows"] == 9
    assert "left out for want of audio: 3 inaudible, 3 text" in call(dataset, "--as", "nemo", "--to", f"{out}-nemo")


def test_a_shard_of_which_no_row_has_a_place_becomes_no_files_and_takes_no_number(tmp_path, out):
    def of_rows(rows):
        in_first = pl.col("id").rank("ordinal") <= 5
        return with_audio(rows).with_columns(audio=pl.when(~in_first).then("audio"))

    dataset, rows = publish(tmp_path / "dataset", of_rows=of_rows)
    done = export(dataset.root, out, form="nemo")
    assert sum(done["left_out"].values()) + done["rows"] == 15
    names = ("audio_0.tar", "sharded_manifests/manifest_0.json", "tarred_audio_manifest.json")
    assert files_of(out).keys() == {
        ".sayso-export.json",
        *(f"default/{split}/{name}" for split in ("train", "test") for name in names),
    }
    entries = [json.loads(line) for line in (out / "default/train/sharded_manifests/manifest_0.json").open()]
    in_second = rows[5:10].filter(pl.col("audio").is_not_null())["id"].to_list()
    assert [(entry["id"], entry["shard_id"]) for entry in entries] == [(row_id, 0) for row_id in in_second]
    again = export(dataset.root, out, form="nemo")
    assert (again["written"], again["rows"], again["left_out"]) == ([], done["rows"], done["left_out"])


def test_a_file_that_was_damaged_or_lost_is_made_anew(dataset, out):
    export(dataset, out)
    before = files_of(out)
    flip(out / "default/train/000001.jsonl")
    (out / "dataset_info.json").unlink()
    done = export(dataset, out)
    assert done["written"] == ["default/train/000001.jsonl", "dataset_info.json"]
    assert files_of(out) == before


def test_a_flipped_byte_of_the_dataset_is_named_before_a_row_of_its_file_is_written(dataset, out, tmp_path):
    shutil.copytree(dataset, tmp_path / "good")
    flip(tmp_path / "dataset/data/train-00001-of-00002.parquet")
    told = call(dataset, "--as", "conversations", "--to", out, code=6)
    assert "dataset/data/train-00001-of-00002.parquet does not have the sha256 of the list; publish or pull" in told
    assert [path.name for path in out.rglob("*.jsonl")] == ["000000.jsonl"]
    shutil.copy(tmp_path / "good/data/train-00001-of-00002.parquet", tmp_path / "dataset/data")
    assert len(export(dataset, out)["there"]) == 1
    export(tmp_path / "good", tmp_path / "undisturbed")
    assert (out / "default/train/000001.jsonl").read_bytes() == (
        tmp_path / "undisturbed/default/train/000001.jsonl"
    ).read_bytes()


def test_an_export_that_is_killed_leaves_no_half_file_and_the_same_command_goes_on(dataset, out, monkeypatch):
    wrote = conversation_lines._write

    def killed(parts, number, files):
        wrote(parts, number, files)
        if number:
            raise KeyboardInterrupt

    whole = FORMATS["conversations"]
    stopped = replace(whole, write=killed)
    monkeypatch.setattr(Export, "_code", "the same")
    with pytest.raises(KeyboardInterrupt):
        Export(dataset, stopped, out, no_progress).carry_out(Choice("default"))
    assert files_of(out).keys() == {".sayso-export.json", "default/train/000000.jsonl"}
    assert {path.name for path in out.iterdir()} == {".sayso-export.json", "default"}
    done = Export(dataset, whole, out, no_progress).carry_out(Choice("default"))
    assert done.there == ("default/train/000000.jsonl",)
    undisturbed = out.with_name("undisturbed")
    Export(dataset, whole, undisturbed, no_progress).carry_out(Choice("default"))
    assert files_of(out) == files_of(undisturbed)


def test_a_full_disk_is_one_sentence_and_the_same_command_goes_on(dataset, out, monkeypatch):
    def full(parts, number, files):
        files[0].write(b"{")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(FORMATS, "conversations", replace(FORMATS["conversations"], write=full))
    told = call(dataset, "--as", "conversations", "--to", out, code=1)
    assert "default/train/000000.jsonl: the disk is full; what was finished is safe: free some space" in told
    assert {path.name for path in out.iterdir()} == {".sayso-export.json", "default"}
    assert list(out.rglob("*.jsonl")) == []
    monkeypatch.undo()
    assert export(dataset, out)["rows"] == 15


def test_other_code_of_the_format_makes_its_files_anew(dataset, out, monkeypatch):
    export(dataset, out)
    monkeypatch.setattr(Export, "_code", "another")
    assert len(export(dataset, out)["written"]) == 4


def test_a_dataset_without_audio_names_the_key_that_publishes_it_and_nothing_is_made(tmp_path, out):
    silent = publish(tmp_path / "silent", of_rows=lambda rows: rows)[0].root
    for form in ("lhotse", "nemo", "webdataset"):
        told = call(silent, "--as", form, "--to", out, code=2)
        assert "has no recordings, which this format is made of" in told
        assert "`synthesize: {audio: true}` in its recipe" in told
    assert not out.exists()
    assert export(silent, out)["rows"] == 15


def test_a_version_with_fewer_shards_leaves_none_of_the_earlier_one(dataset, out):
    export(dataset, out)
    shutil.rmtree(dataset)
    (out / "default/train/notes.txt").write_text("mine")
    publish(dataset, train=(4,), test=(3,), seed=1)
    export(dataset, out)
    names = ("train/000000.jsonl", "test/000000.jsonl", "train/notes.txt")
    assert files_of(out).keys() == {".sayso-export.json", "dataset_info.json", *(f"default/{name}" for name in names)}


def test_a_folder_that_is_not_its_own_is_left_alone(dataset, out, tmp_path):
    out.mkdir()
    (out / "letter.txt").write_text("mine")
    assert "is not empty and was not made by an export: letter.txt is there" in call(
        dataset, "--as", "conversations", "--to", out, code=2
    )
    export(dataset, tmp_path / "chats")
    told = call(dataset, "--as", "lhotse", "--to", tmp_path / "chats", code=2)
    assert f"holds {dataset} as conversations; choose another folder" in told
    other = shutil.copytree(dataset, tmp_path / "other")
    assert f"holds {dataset} as conversations" in call(
        other, "--as", "conversations", "--to", tmp_path / "chats", code=2
    )
    assert "lies in the dataset that is exported" in call(
        dataset, "--as", "conversations", "--to", f"{dataset}/chats", code=2
    )
    assert files_of(out) == {"letter.txt": b"mine"}


def test_a_file_in_the_place_of_one_to_come_is_not_written_over(dataset, out):
    export(dataset, out, "--split", "train")
    (out / "default/test").mkdir()
    (out / "default/test/000000.jsonl").write_text("mine")
    told = call(dataset, "--as", "conversations", "--to", out, code=2)
    assert "default/test/000000.jsonl was not put there by an export, and would be overwritten" in told
    assert (out / "default/test/000000.jsonl").read_text() == "mine"


def test_no_link_is_followed(dataset, out, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    export(dataset, out, "--split", "train")
    (out / "default/test").symlink_to(tmp_path / "elsewhere")
    assert "is no folder of ours" in call(dataset, "--as", "conversations", "--to", out, code=1)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_record_that_names_other_peoples_files_is_not_believed(dataset, out, tmp_path):
    export(dataset, out)
    (tmp_path / "mine.json").write_text("{}")
    record = json.loads((out / ".sayso-export.json").read_bytes())
    record["names"].append("../mine.json")
    (out / ".sayso-export.json").write_text(json.dumps(record))
    assert "does not tell what was exported" in call(dataset, "--as", "conversations", "--to", out, code=2)
    assert (tmp_path / "mine.json").exists()


def test_an_id_that_leads_elsewhere_is_refused(dataset, out):
    dataset = Storage(dataset)
    rows = pl.read_parquet(dataset.path(FIRST))
    rows.with_columns(pl.lit("../../etc/passwd").alias("id")).write_parquet(dataset.path(FIRST))
    relist(dataset)
    told = call(dataset.root, "--as", "webdataset", "--to", out, code=6)
    assert "has '../../etc/passwd' as the id of a row, which is not 32 hexadecimal digits" in told
    assert not out.exists()


def test_a_file_that_was_made_wrong_and_is_no_table_is_named(dataset, out):
    dataset = Storage(dataset)
    content = bytes(40) + dataset.read(FIRST)[40:]
    dataset.write(FIRST, content)
    made = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    files = [file.model_copy(update=made if file.name == FIRST else {}) for file in published_files(dataset)]
    dataset.write("files.json", file_list(files, {}, SOUND_FORMAT))
    assert f"{FIRST} cannot be read as a table" in call(dataset.root, "--as", "lhotse", "--to", out, code=6)
    assert not out.exists()


def test_of_a_dataset_that_was_pulled_in_part_the_part_is_exported(dataset, out, tmp_path):
    part = tmp_path / "part"
    shutil.copytree(dataset, part)
    brought = ("files.json", "data/train-00001-of-00002.parquet")
    (part / ".sayso-pull.json").write_text(Brought(repository="org/heard", files=brought).model_dump_json())
    for name in (FIRST, "data/test-00000-of-00001.parquet"):
        (part / name).unlink()
    done = export(part, out)
    assert (done["rows"], done["written"]) == (5, ["default/train/000000.jsonl", "dataset_info.json"])
    export(dataset, tmp_path / "whole")
    assert (out / "default/train/000000.jsonl").read_bytes() == (
        tmp_path / "whole/default/train/000001.jsonl"
    ).read_bytes()
    told = call(part, "--as", "conversations", "--to", out, "--split", "test", code=5)
    assert "nothing of this was pulled" in told
    (part / "data/train-00001-of-00002.parquet").unlink()
    assert "is missing" in call(part, "--as", "conversations", "--to", tmp_path / "gone", code=6)


def test_a_run_is_named_by_its_folder_or_by_that_of_its_dataset(tmp_path):
    run = published_run(tmp_path / "run").storage.root
    whole = export(run, tmp_path / "by-run")
    assert whole["rows"] == 13
    assert whole["dataset"] == f"{run}/dataset"
    assert export(f"{run}/dataset", tmp_path / "by-run")["written"] == []


def test_what_cannot_be_exported_is_one_sentence_with_its_exit_code(dataset, tmp_path, out):
    assert "holds no run" in call(tmp_path / "nowhere", "--as", "lhotse", "--to", out, code=5)
    assert "a dataset of the Hub is fetched first: sayso pull" in call("org/name", "--as", "nemo", "--to", out, code=5)
    run = published_run(tmp_path / "run").storage
    run.remove("dataset/files.json")
    assert "is not finished; run `sayso run RECIPE --to" in call(run.root, "--as", "nemo", "--to", out, code=5)
    assert "there is no split dev; there are train, test" in call(
        dataset, "--as", "conversations", "--to", out, "--split", "dev", code=2
    )
    assert "'lhotse', 'nemo', 'webdataset'" in call(dataset, "--as", "parquet", "--to", out, code=2)
    assert not out.exists()


def test_rows_come_a_row_group_at_a_time(dataset):
    dataset = Storage(dataset)
    path = dataset.path(FIRST)
    pl.read_parquet(path).write_parquet(path, row_group_size=2)
    relist(dataset)
    file = published_files(dataset)[0]
    assert [rows.height for rows in rows_of(dataset, file, needs_audio=True)] == [2, 2, 1]
