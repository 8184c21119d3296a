"""Sources in stores that fsspec reaches, and the patience with which they are read."""

import importlib.util
import io
import json

import fsspec
import polars as pl
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from pydantic import ValidationError

import sayso.stages.ingest.ingest
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources import stores
from sayso.stages.sources.checked_bytes import ChangedFile
from sayso.stages.sources.formats.readers import read
from sayso.stages.sources.listing import list_files
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError, read_with_retries


@pytest.fixture
def memory():
    """An empty store under memory://."""
    filesystem = fsspec.filesystem("memory")
    yield filesystem
    filesystem.store.clear()
    filesystem.pseudo_dirs[:] = [""]


@pytest.fixture
def impatient(monkeypatch):
    """No wait between attempts; returns the seconds that would have been waited."""
    waits = []
    monkeypatch.setattr(stores.time, "sleep", waits.append)
    return waits


def lines(rows):
    return b"".join(
        json.dumps({"question": f"Why {i}?", "answer": f"Because {i}."}).encode() + b"\n" for i in range(rows)
    )


def as_parquet(rows):
    data = io.BytesIO()
    pl.DataFrame({"question": [f"Why {i}?" for i in range(rows)], "answer": "So."}).write_parquet(
        data, row_group_size=40
    )
    return data.getvalue()


def names(pattern, base):
    return [file.name for file in list_files([pattern], base)]


def test_a_url_names_a_file_a_folder_or_a_glob(memory, tmp_path):
    for name in ("set/a.jsonl", "set/more/b.parquet", "set/more/.hidden.csv", "set/README.md", "other/c.csv"):
        memory.pipe_file(f"/{name}", b"x")
    assert names("memory://set/a.jsonl", tmp_path) == ["a.jsonl"]
    assert names("memory://set", tmp_path) == ["a.jsonl", "more/b.parquet"]
    assert names("memory://set/**/*.parquet", tmp_path) == ["more/b.parquet"]
    assert names("memory://other/*.csv", tmp_path) == ["c.csv"]
    with pytest.raises(SourceError, match=r"memory://set/\*\.csv: no file matches"):
        list_files(["memory://set/*.csv"], tmp_path)


@pytest.mark.parametrize("folder", ["set [v1]", "a*b", "what?"])
def test_a_folder_of_a_store_whose_name_looks_like_a_glob_is_that_folder(memory, tmp_path, folder):
    for name in (f"{folder}/a.jsonl", "set v/b.jsonl", "acb/b.jsonl"):
        memory.pipe_file(f"/{name}", b"x")
    for pattern in ("", "/*.jsonl", "/**/*.jsonl", "/a.jsonl"):
        assert names(f"memory://{folder}{pattern}", tmp_path) == ["a.jsonl"]


def test_the_rows_of_a_store_are_those_of_the_same_files_on_a_disk(memory, tmp_path):
    for name, data in (("a.jsonl", lines(100)), ("b.parquet", as_parquet(100))):
        memory.pipe_file(f"/set/{name}", data)
        (tmp_path / name).write_bytes(data)
    read = {}
    for where in ("memory://set", f"file://{tmp_path}", "."):
        shards = plan_shards(Source(name="s", paths=(where,)), tmp_path, 30)
        read[where] = pl.concat([ingest(shard).rows for shard in shards])
    assert read["memory://set"].equals(read["."])
    assert read[f"file://{tmp_path}"].equals(read["."])
    assert read["."]["position"].to_list() == [
        *(f"a.jsonl:{i}" for i in range(1, 101)),
        *(f"b.parquet:{i}" for i in range(1, 101)),
    ]


def test_a_file_of_a_store_that_was_changed_after_the_plan_is_an_error(memory, tmp_path):
    memory.pipe_file("/set/a.jsonl", lines(10))
    (shard,) = plan_shards(Source(name="s", paths=("memory://set",)), tmp_path)
    memory.pipe_file("/set/a.jsonl", lines(11))
    with pytest.raises(SourceError, match=r"a\.jsonl: the file was changed or removed"):
        ingest(shard)


def test_a_file_of_a_store_that_changes_while_it_is_read_is_an_error(memory, tmp_path, monkeypatch):
    memory.pipe_file("/set/a.jsonl", lines(10))
    (shard,) = plan_shards(Source(name="s", paths=("memory://set",)), tmp_path)

    def read_and_change(pieces, columns):
        found = read(pieces, columns)
        memory.pipe_file("/set/a.jsonl", lines(10))
        return found

    monkeypatch.setattr(sayso.stages.ingest.ingest, "read", read_and_change)
    with pytest.raises(ChangedFile, match=r"a\.jsonl: the file was changed or removed"):
        ingest(shard)


class Shaky(MemoryFileSystem):
    """A store that breaks every second read in the middle."""

    protocol = "shaky"
    reads = 0

    @classmethod
    def _strip_protocol(cls, path):
        return MemoryFileSystem._strip_protocol(path.removeprefix("shaky://"))

    def open(self, path, mode="rb", **_):
        return HalfRead(self.cat_file(path))


class HalfRead(io.BytesIO):
    def read(self, size=-1):
        Shaky.reads += 1
        found = super().read(size)
        return found[: len(found) // 2] if Shaky.reads % 2 else found


def test_a_read_that_breaks_off_is_done_again_and_no_row_is_half(memory, impatient, tmp_path):
    fsspec.register_implementation("shaky", Shaky, clobber=True)
    memory.pipe_file("/set/a.jsonl", lines(500))
    memory.pipe_file("/set/b.parquet", as_parquet(500))
    shards = plan_shards(Source(name="s", paths=("shaky://set",)), tmp_path, 300)
    rows = pl.concat([ingest(shard).rows for shard in shards])
    assert rows["prompt"].to_list() == [f"Why {i}?" for i in range(500)] * 2
    assert impatient
    assert all(0 < wait <= stores.LONGEST_WAIT for wait in impatient)


class Answer:
    def __init__(self, status, **headers):
        self.status_code, self.headers = status, headers


class Refused(Exception):
    def __init__(self, status, **headers):
        super().__init__("signed-address?secret=1")
        self.response = Answer(status, **headers)


def test_waits_grow_and_the_stores_own_wish_is_kept(impatient):
    faults = [Refused(429, **{"Retry-After": "7"}), Refused(503), ConnectionResetError()]

    def act():
        if faults:
            raise faults.pop(0)
        return "there"

    assert read_with_retries("s3://b/a", act) == "there"
    assert 8 <= impatient[0] <= 9
    assert 2 <= impatient[1] <= 4 <= impatient[2] <= 8


@pytest.mark.parametrize(
    ("fault", "attempts", "told"),
    [
        (Refused(500), 4, "could not be read in 4 attempts (status 500); run the same command again"),
        (TimeoutError("secret"), 4, "could not be read in 4 attempts (TimeoutError)"),
        (Refused(404), 1, "there is no such file"),
        (PermissionError("secret"), 1, "it may not be read; check the credentials"),
    ],
)
def test_what_does_not_pass_is_an_error_after_a_few_attempts_that_shows_no_secret(impatient, fault, attempts, told):
    tried = []

    def act():
        tried.append(1)
        raise fault

    with pytest.raises(SourceError) as error:
        read_with_retries("s3://bucket/a.jsonl", act)
    assert len(tried) == attempts
    assert str(error.value).startswith("s3://bucket/a.jsonl: ")
    assert told in str(error.value)
    assert "secret" not in str(error.value)


def test_a_store_without_its_package_says_what_to_install(tmp_path):
    if importlib.util.find_spec("gcsfs"):
        pytest.skip("gcsfs is installed here")
    with pytest.raises(SourceError, match=r"gs://b/a\.jsonl: .*pip install gcsfs"):
        list_files(["gs://b/a.jsonl"], tmp_path)


HUB = {"repository": "org/set"}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({}, "source s needs either paths or hub, and has neither"),
        ({"paths": ["a"], "hub": {**HUB, "files": ["a"]}}, "source s needs either paths or hub, and has both"),
        ({"hub": HUB}, "hub needs either files of the repository, or config and split"),
        ({"hub": {**HUB, "files": ["a"], "config": "c", "split": "s"}}, "hub needs either files"),
        ({"hub": {**HUB, "config": "c"}}, "split is needed: config and split go together"),
        ({"hub": {**HUB, "files": ["a"]}, "revision": "2"}, "has its revision under hub.revision"),
        ({"paths": ["hf://datasets/org/set"]}, "name a dataset of the Hub under `hub`"),
        ({"paths": ["https://me:secret@there/a.csv"]}, "a URL in a recipe holds no password"),
        ({"hub": {"repository": "set", "files": ["a"]}}, "is no name of a dataset of the Hub, which is OWNER/NAME"),
    ],
)
def test_a_source_that_names_its_place_wrongly_is_told_how(source, told):
    with pytest.raises(ValidationError) as error:
        Source.model_validate({"name": "s", **source})
    assert told in str(error.value)
