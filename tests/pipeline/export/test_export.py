"""An export as people meet it: it tells what it did, can be repeated, and goes on."""

import errno
import json
from dataclasses import replace

import polars as pl
import pytest

from sayso.manifests.progress import no_progress
from sayso.pipeline.export import conversation_lines
from sayso.pipeline.export.export import Export
from sayso.pipeline.export.formats import FORMATS
from sayso.pipeline.hub.choice import Choice
from tests.pipeline.export.commands import call, export, files_of, flip
from tests.pipeline.export.heard_dataset import publish, with_audio
from tests.published_run import published_run


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
