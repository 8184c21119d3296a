"""A file in a run's folder is whole, or it is not there."""

import errno
import os

import polars as pl
import pytest

from sayso.manifests.filesystems import StorageError
from sayso.manifests.reading import StoredTable, Within
from sayso.manifests.storage import Storage


def test_a_written_file_is_read_back_and_known_by_its_sha256(tmp_path):
    storage = Storage(str(tmp_path))
    file = storage.write("work/a.txt", b"hello")
    assert storage.read("work/a.txt") == b"hello"
    assert file.bytes == storage.size("work/a.txt") == 5
    assert file.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert storage.names("work") == ["a.txt"]


def test_a_full_disk_leaves_the_old_file_and_says_what_to_do(tmp_path, monkeypatch):
    storage = Storage(str(tmp_path))
    storage.write("plan.json", b"old")

    def no_space(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(StorageError, match=r"plan\.json: the disk is full, 3 more bytes .* run the same command again"):
        storage.write("plan.json", b"new")
    assert storage.read("plan.json") == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"]


def test_a_folder_that_may_not_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"file is no folder of ours"):
        Storage(str(tmp_path)).write("file/below", b"x")


@pytest.mark.parametrize("act", [lambda storage, name: storage.write(name, b"x"), Storage.read, Storage.remove])
@pytest.mark.parametrize("name", ["linked.txt", "folder/precious.txt", "pipe"])
def test_a_link_or_a_pipe_below_the_folder_is_neither_read_nor_replaced(tmp_path, act, name):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious.txt").write_text("mine")
    run = tmp_path / "run"
    run.mkdir()
    (run / "linked.txt").symlink_to(elsewhere / "precious.txt")
    (run / "folder").symlink_to(elsewhere)
    os.mkfifo(run / "pipe")
    with pytest.raises(StorageError, match="take it away"):
        act(Storage(str(run)), name)
    assert [file.read_text() for file in elsewhere.iterdir()] == ["mine"]


def test_a_text_of_ours_that_is_too_large_is_not_read(tmp_path):
    for place, limit in (("plan.json", 64 << 20), ("manifests/screen/a.record.json", 16 << 20)):
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as sparse:
            sparse.truncate(1 << 40)
        with pytest.raises(StorageError, match=f"has more than {limit:,} bytes"):
            Storage(str(tmp_path)).read(place)


def test_the_same_table_gives_the_same_bytes(tmp_path):
    storage = Storage(str(tmp_path))
    table = pl.DataFrame({"id": [f"{n:032x}" for n in range(1000)], "tokens": [[n, n + 1] for n in range(1000)]})
    first = storage.write_table("a.parquet", table, row_group_rows=100)
    second = storage.write_table("b.parquet", table.clone(), row_group_rows=100)
    assert first.sha256 == second.sha256
    assert pl.read_parquet(tmp_path / "a.parquet").equals(table)


def test_a_folder_in_an_object_store_works_like_one_on_a_disk():
    storage = Storage("memory://runs/demo")
    storage.write("manifests/a.json", b"{}")
    assert storage.read("manifests/a.json") == b"{}"
    assert storage.names("manifests") == ["a.json"]
    file = storage.write_table("work/a.parquet", pl.DataFrame({"id": ["a", "b"]}), row_group_rows=1)
    assert storage.is_as_written(file)
    assert StoredTable(storage, "screen", "a", file).read(within=Within("id", "b", "c"))["id"].to_list() == ["b"]
    storage.remove("manifests/a.json")
    assert storage.size("manifests/a.json") is None
