"""What goes wrong with a disk or a store is told in a sentence that names the folder and says what to do."""

import errno
import os
import pickle
import re
from typing import ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from sayso.manifests.filesystems import StorageError, open_filesystem, write_error
from sayso.manifests.ledger import Ledger
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


def test_a_store_that_is_lost_while_a_file_is_read_is_named(lost):
    told = r"lost://runs/demo cannot be reached"
    with pickle.loads(pickle.dumps(lost)).open("work/a.parquet") as file, pytest.raises(StorageError, match=told):
        file.read(1)


def test_a_store_that_fails_is_not_taken_for_one_without_the_record(lost):
    ledger = Ledger("lost://runs/demo")
    for ask in (ledger.find_record, ledger.read_record):
        with pytest.raises(StorageError, match=r"lost://runs/demo cannot be reached"):
            ask("screen", "a")


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (
            PermissionError("Access Denied"),
            "cannot be reached (Access Denied); check the connection, and what its store",
        ),
        (OSError(errno.EBUSY, "Please reduce your request rate."), "Please reduce your request rate."),
    ],
)
def test_what_a_store_refuses_is_told_with_the_name_of_the_folder(lost, monkeypatch, raised, told):
    def refuse(*_, **__):
        raise raised

    monkeypatch.setattr(LostStore, "cat_file", refuse)
    with pytest.raises(StorageError, match=re.escape(told)) as error:
        lost.read("plan.json")
    assert str(error.value).startswith("lost://runs/demo cannot be reached")
