"""What is exported is what was published: every byte is compared with the list, and each row's id looked at."""

import hashlib
import shutil

import polars as pl

from sayso.manifests.dataset.file_list import file_list, published_files
from sayso.manifests.storage import Storage
from sayso.pipeline.export.published_rows import rows_of
from sayso.pipeline.hub.pulled_folder import Brought
from tests.pipeline.export.commands import call, export, flip
from tests.pipeline.export.heard_dataset import publish
from tests.published_dataset import relist
from tests.published_run import published_run
from tests.sound_formats import SOUND_FORMAT

FIRST = "data/train-00000-of-00002.parquet"


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


def test_a_dataset_without_audio_names_the_key_that_publishes_it_and_nothing_is_made(tmp_path, out):
    silent = publish(tmp_path / "silent", of_rows=lambda rows: rows)[0].root
    for form in ("lhotse", "nemo", "webdataset"):
        told = call(silent, "--as", form, "--to", out, code=2)
        assert "has no recordings, which this format is made of" in told
        assert "`synthesize: {audio: true}` in its recipe" in told
    assert not out.exists()
    assert export(silent, out)["rows"] == 15


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


def test_rows_come_a_row_group_at_a_time(dataset):
    dataset = Storage(dataset)
    path = dataset.path(FIRST)
    pl.read_parquet(path).write_parquet(path, row_group_size=2)
    relist(dataset)
    file = published_files(dataset)[0]
    assert [rows.height for rows in rows_of(dataset, file, needs_audio=True)] == [2, 2, 1]
