"""A file in a run's folder is whole, or it is not there."""

import errno
import os

import polars as pl
import pytest

from manifests.storage import Storage, StorageError, remove_leftovers


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
    with pytest.raises(StorageError, match="could not be written"):
        Storage(str(tmp_path)).write("file/below", b"x")


def test_what_a_killed_run_left_behind_is_removed(tmp_path):
    storage = Storage(str(tmp_path))
    storage.write("work/ingest/a.parquet", b"whole")
    (tmp_path / "work/ingest/.a.parquet.12345678.tmp").write_bytes(b"hal")
    remove_leftovers(str(tmp_path))
    assert storage.names("work/ingest") == ["a.parquet"]


def test_the_same_table_gives_the_same_bytes(tmp_path):
    storage = Storage(str(tmp_path))
    table = pl.DataFrame({"id": [f"{n:032x}" for n in range(1000)], "tokens": [[n, n + 1] for n in range(1000)]})
    first = storage.write_table("a.parquet", table, row_group_rows=100)
    second = storage.write_table("b.parquet", table.clone(), row_group_rows=100)
    assert first.sha256 == second.sha256
    assert storage.scan(["a.parquet"]).collect().equals(table)


def test_a_folder_in_an_object_store_works_like_one_on_a_disk():
    storage = Storage("memory://runs/demo")
    storage.write("manifests/a.json", b"{}")
    assert storage.read("manifests/a.json") == b"{}"
    assert storage.names("manifests") == ["a.json"]
    storage.write_table("work/a.parquet", pl.DataFrame({"id": ["a", "b"]}), row_group_rows=1)
    assert storage.scan(["work/a.parquet"]).filter(pl.col("id") == "b").collect()["id"].to_list() == ["b"]
    storage.remove("manifests/a.json")
    assert storage.size("manifests/a.json") is None
