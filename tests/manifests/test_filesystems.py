"""What goes wrong with a disk or a store is told in a sentence that names the folder and says what to do."""

import errno
import os
import pickle
from typing import ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFile, MemoryFileSystem

from sayso.manifests.filesystems import StorageError, open_filesystem, write_error
from sayso.manifests.storage import Storage


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (errno.EDQUOT, "/run/a: the disk is full, 3 more bytes are needed"),
        (errno.EROFS, "/run/a: this folder may not be written; choose another with --to"),
        (errno.EIO, "/run/a: could not be written"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(fault, told):
    assert str(write_error(OSError(fault, os.strerror(fault)), "/run/a", 3)).startswith(told)


@pytest.mark.parametrize("root", ["nowhere://runs/demo", "://runs/demo"])
def test_a_store_that_nobody_knows_is_named(root):
    with pytest.raises(StorageError, match=f"{root}: no store is known for"):
        open_filesystem(root)


class LostConnection(Exception):
    """What a store's library raises, as botocore does: no error of the system's."""


class LostStore(MemoryFileSystem):
    protocol = "lost"
    store: ClassVar[dict[str, object]] = {}

    def lost(self, *_: object, **__: object) -> None:
        raise LostConnection

    ls = find = size = exists = cat_file = pipe_file = rm_file = lost


class LostFile(MemoryFile):
    def read(self, *_: object) -> bytes:
        raise LostConnection


@pytest.fixture
def lost():
    fsspec.register_implementation("lost", LostStore, clobber=True)
    return Storage("lost://runs/demo")


@pytest.mark.parametrize(
    "act",
    [
        lambda storage: storage.names("work"),
        lambda storage: storage.entries(""),
        lambda storage: storage.below(""),
        lambda storage: storage.size("plan.json"),
        lambda storage: storage.read("plan.json"),
        lambda storage: storage.read("work/a/b.parquet"),
        lambda storage: storage.write("plan.json", b"x"),
        lambda storage: storage.create("lease-000001.json", b"x"),
        lambda storage: storage.rewrite("lease-000001.json", b"x"),
        lambda storage: storage.remove("plan.json"),
    ],
)
def test_a_store_that_is_lost_in_the_middle_is_named(lost, act):
    with pytest.raises(StorageError, match=r"lost://runs/demo cannot be reached \(LostConnection\)"):
        act(lost)


def test_a_store_that_is_lost_while_a_file_is_read_is_named(lost, monkeypatch):
    monkeypatch.setattr(LostStore, "open", lambda self, path, *_, **__: LostFile(self, path, b"x"))
    with pickle.loads(pickle.dumps(lost)).open("work/a.parquet") as file:
        assert file.tell() == 0
        with pytest.raises(StorageError, match=r"lost://runs/demo cannot be reached"):
            file.read(1)
