"""A shard is finished when its record is there, is of what is planned, and is true."""

from collections import Counter
from dataclasses import dataclass

import polars as pl
import pytest

from sayso.manifests.filesystems import StorageError
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.manifests.run_plan import StagePlan
from sayso.manifests.verdicts import VERDICT_SCHEMA, Outcome
from sayso.pipeline.finished_shards import REPAIRS, FinishedShards
from tests.slow_store import SlowStore, slow_store

KEY = ShardKey(stage="screen", shard="facts-00000", fingerprint="f", code="code", recipe="recipe", input="bytes")
OTHER_CODE = KEY.model_copy(update={"fingerprint": "g", "code": "other"})
OTHER_RECIPE = KEY.model_copy(update={"fingerprint": "h", "recipe": "other"})
OTHER_SHARD = KEY.model_copy(update={"shard": "facts-00001"})
# So many requests are under way together where a store is asked for many things.
AT_ONCE = 31


@dataclass(frozen=True)
class Planned:
    """As much of a job as is looked up."""

    key: ShardKey


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(str(tmp_path))
    nothing = Outcome(pl.DataFrame(schema={"id": pl.String}), pl.DataFrame(schema=VERDICT_SCHEMA))
    ledger.commit(KEY, nothing, 0, {}, 0.5, {})
    return ledger


def look_up(shards, key):
    (found,) = shards.look_up([Planned(key)])
    return found


def test_a_shard_is_finished_for_its_key_only(ledger):
    shards = FinishedShards(ledger)
    assert look_up(shards, KEY).finished.key == KEY
    for key, changes in ((OTHER_CODE, ("code",)), (OTHER_RECIPE, ("recipe",)), (OTHER_SHARD, ())):
        found = look_up(shards, key)
        assert (found.finished, found.changes) == (None, changes)


def test_of_a_stage_that_is_kept_a_shard_is_finished_whatever_code_made_it(ledger):
    shards = FinishedShards(ledger, keep={"screen"})
    found = look_up(shards, OTHER_CODE)
    assert found.finished.key == KEY
    assert found.is_kept
    assert look_up(shards, OTHER_RECIPE).finished is None
    assert look_up(FinishedShards(ledger, keep={"mix"}), OTHER_CODE).finished is None


@pytest.mark.parametrize("name", [KEY.rows_name, KEY.verdicts_name, KEY.record_name])
def test_a_damaged_shard_is_not_finished_and_is_forgotten_to_be_made_anew(ledger, name):
    ledger.storage.write(name, b"no table")
    shards = FinishedShards(ledger)
    found = look_up(shards, KEY)
    assert found.finished is None
    assert found.damage.file == name
    shards.repair(found.damage)
    assert look_up(shards, KEY).damage is None
    assert ledger.find_record(KEY.stage, KEY.shard) is None


def test_a_shard_that_is_damaged_each_time_is_made_anew_a_few_times_only(ledger):
    ledger.storage.remove(KEY.rows_name)
    shards = FinishedShards(ledger)
    damage = look_up(shards, KEY).damage
    for _ in range(REPAIRS):
        shards.repair(damage)
    with pytest.raises(StorageError, match=r"is missing, though it was made anew 3 times; the disk or the memory"):
        shards.repair(damage)


def commit_shards(root, count):
    """So many shards without rows in a store; their keys."""
    ledger = Ledger(root)
    nothing = Outcome(pl.DataFrame(schema={"id": pl.String}), pl.DataFrame(schema=VERDICT_SCHEMA))
    keys = [KEY.model_copy(update={"shard": f"facts-{number:05d}"}) for number in range(count)]
    for key in keys:
        ledger.commit(key, nothing, 0, {}, 0.5, {})
    return keys


def test_a_store_is_asked_once_which_records_there_are_and_then_for_many_at_a_time():
    root = slow_store()
    keys = commit_shards(root, 100)
    missing = [KEY.model_copy(update={"shard": f"web-{number:05d}"}) for number in range(100)]
    Ledger(root).storage.write(keys[7].record_name, b"no record")
    Ledger(root).storage.write(keys[8].rows_name, b"no rows")
    SlowStore.wait_for(AT_ONCE)
    found = FinishedShards(Ledger(root)).look_up([Planned(key) for key in (*keys, *missing)])
    assert [one.job.key for one in found] == [*keys, *missing]
    assert [bool(one.finished) for one in found] == [number not in (7, 8) for number in range(100)] + [False] * 100
    assert [one.damage.file for one in found if one.damage] == [keys[7].record_name, keys[8].rows_name]
    kinds = Counter(kind for kind, _ in SlowStore.requests)
    # A record and two files each; whether a record that cannot be read is there is asked once more.
    assert kinds["ls"] == 1
    assert kinds["cat_file"] <= 3 * 100
    assert sum(kinds.values()) <= 3 * 100 + 3
    assert SlowStore.most_at_once >= AT_ONCE


def test_the_records_of_a_plan_are_read_many_at_a_time():
    root = slow_store()
    keys = commit_shards(root, 70)
    SlowStore.wait_for(AT_ONCE)
    plan = StagePlan(stage="screen", shards=tuple(key.shard for key in keys))
    assert [record.key for record in Ledger(root).records(plan)] == keys
    assert len(SlowStore.requests) == 70
    assert SlowStore.most_at_once >= AT_ONCE
