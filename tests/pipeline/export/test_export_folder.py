"""An export touches nothing that is not its own."""

import json
import shutil

from tests.pipeline.export.commands import call, export, files_of
from tests.pipeline.export.heard_dataset import publish


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


def test_a_version_with_fewer_shards_leaves_none_of_the_earlier_one(dataset, out):
    export(dataset, out)
    shutil.rmtree(dataset)
    (out / "default/train/notes.txt").write_text("mine")
    publish(dataset, train=(4,), test=(3,), seed=1)
    export(dataset, out)
    names = ("train/000000.jsonl", "test/000000.jsonl", "train/notes.txt")
    assert files_of(out).keys() == {".sayso-export.json", "dataset_info.json", *(f"default/{name}" for name in names)}
