"""A run in a store like S3: the bytes of one on a disk, few requests, and on it goes after the store refused."""

import polars as pl
import pytest

from sayso.manifests.filesystems import StorageError
from sayso.manifests.lease import Lease
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.manifests.storage import Storage
from sayso.manifests.verify.run import verify
from sayso.stages.jobs.job import carry_out
from tests.faults.small_runs import WRITTEN, InThisProcess, recipe, run_here
from tests.runs import dataset_bytes
from tests.store_server import Asked, store_server


@pytest.fixture(scope="module")
def store():
    with store_server() as started:
        yield started


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A recipe and its run on a disk."""
    folder = tmp_path_factory.mktemp("written")
    path = recipe(folder, WRITTEN, rows=16)
    run_here(path, folder / "run")
    return path, folder / "run"


def sampled(run):
    """What a run has of the rows to be said, byte for byte."""
    return [record.files for _, record in Ledger(str(run)).recorded_shards("sample")]


class Counting(InThisProcess):
    """Keeps what a store was asked by each job, and by the driver in between."""

    def __init__(self, store):
        super().__init__()
        self._store, self.by_job, self.by_driver = store, {}, []

    def run(self, ledger, jobs, pool):
        self.by_driver += self._taken()
        for job in jobs:
            record = carry_out(ledger, job)
            self.by_job[job.key.stage, job.key.shard] = self._taken()
            yield record

    def _taken(self):
        taken, self._store.asked = self._store.asked, []
        return taken


@pytest.fixture
def without_heart(monkeypatch):
    """A lease that gives no signs of life, which come when they like."""
    monkeypatch.setattr(Lease, "_live", lambda self: None)


@pytest.mark.usefixtures("without_heart")
def test_a_run_in_a_store_has_the_bytes_of_one_on_a_disk_by_few_requests(store, written):
    path, on_disk = written
    run, counted = f"{store.new_bucket()}/run", Counting(store)
    store.asked = []
    run_here(path, run, engine=counted)
    assert dataset_bytes(run) == dataset_bytes(on_disk)
    assert verify(Ledger(run)).problems == ()

    for (stage, shard), asked in counted.by_job.items():
        beside = [(one.method, one.name) for one in asked if not one.is_data]
        records = [name for method, name in beside if method == "GET" and name.endswith(".record.json")]
        # That the run is still its driver's, its own record, and that of each table that it reads. Once, but that
        # compose looks at the columns of its first table before.
        own = [("GET", "run/lease-000001.json"), ("PUT", f"run/manifests/{stage}/{shard}.record.json")]
        assert sorted([*own, *(("GET", name) for name in records)]) == sorted(beside)
        assert len(records) == len({*records}) + (stage == "compose")
        tables = {one.name for one in asked if one.method == "GET" and one.is_data}
        assert len(beside) <= 3 or len(tables) > 1 or stage == "compose", (stage, beside)
    stages = len({stage for stage, _ in counted.by_job})
    assert len([one for one in counted.by_driver if not one.is_data]) <= 14 * stages


def test_a_run_goes_on_with_the_same_bytes_when_its_store_takes_writes_again(store, written):
    path, on_disk = written
    run = f"{store.new_bucket()}/run"
    store.refuses = lambda asked: asked.method == "PUT" and asked.name.startswith("run/manifests/deduplicate")
    with pytest.raises(StorageError, match=rf"^{run} cannot be reached \(Access Denied\); check the connection"):
        run_here(path, run)
    # A store that refuses to tell of a record is not taken for one without it, or the shard would be done again.
    store.refuses = lambda asked: asked.method == "GET" and asked.name.endswith(".record.json")
    with pytest.raises(StorageError, match="Access Denied"):
        run_here(path, run)
    store.refuses, store.asked = lambda asked: False, []
    run_here(path, run, until="sample")
    again = {one.name for one in store.asked if one.method == "PUT" and one.name.endswith("record.json")}
    assert not any(name.startswith(("run/manifests/ingest", "run/manifests/screen")) for name in again)
    assert verify(Ledger(run)).problems == ()
    assert sampled(run) == sampled(on_disk)


def test_what_others_put_into_a_store_since_it_was_listed_is_there(store):
    here = Storage(f"{store.new_bucket()}/run")
    here.write("work/screen/a.parquet", b"a")
    assert here.names("work/screen") == ["a.parquet"]
    from_elsewhere = type(here._filesystem[0]._store)(skip_instance_cache=True)
    from_elsewhere.pipe_file(f"{here.root}/work/screen/b.parquet", b"bb")
    from_elsewhere.rm_file(f"{here.root}/work/screen/a.parquet")
    assert here.size("work/screen/b.parquet") == 2
    assert here.size("work/screen/a.parquet") is None


def test_a_shard_that_is_made_anew_in_a_store_is_not_done_while_its_files_are_replaced(store):
    ledger, key = Ledger(f"{store.new_bucket()}/run"), ShardKey(stage="frames", shard="a", fingerprint="f", input="i")
    ledger.commit_table(key, pl.DataFrame({"id": ["x"]}), {}, 0.0)
    assert ledger.find_record("frames", "a").key == key
    store.refuses = lambda asked: asked == Asked("PUT", "run/manifests/frames/a.record.json")
    with pytest.raises(StorageError):
        ledger.commit_table(key, pl.DataFrame({"id": ["y"]}), {}, 0.0)
    store.refuses = lambda asked: False
    assert ledger.find_record("frames", "a") is None
    assert ledger.commit_table(key, pl.DataFrame({"id": ["y"]}), {}, 0.0) == ledger.find_record("frames", "a")
