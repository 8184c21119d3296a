"""A shard is done when its record is there and true."""

import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.manifests.run_plan import NotARun, StagePlan
from sayso.manifests.sealing import NotAsSealed, unseal
from sayso.manifests.verdicts import UnaccountedRows
from tests.manifests.conftest import IDS, key, outcome, rows

DAMAGES = {
    "flipped": lambda content: content[:9] + bytes([content[9] ^ 1]) + content[10:],
    "cut": lambda content: content[:-1],
    "emptied": lambda content: b"",
    "continued": lambda content: content + b" ",
}


@pytest.mark.parametrize("file", ["work/screen/{}.parquet", "manifests/screen/{}.verdicts.parquet"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_of_a_shard_that_is_not_as_it_was_written_is_named(ledger, file, damage):
    name = file.format("facts-00000")
    record = ledger.read_record("screen", "facts-00000")
    ledger.check_files(record)
    ledger.storage.write(name, DAMAGES[damage](ledger.storage.read(name)))
    with pytest.raises(DamagedShard, match=rf"{name} of screen/facts-00000 is not as its record says"):
        ledger.check_files(record)
    ledger.storage.remove(name)
    with pytest.raises(DamagedShard, match=rf"{name} of screen/facts-00000 is missing"):
        ledger.check_files(record)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_record_that_is_not_as_it_was_written_is_none(ledger, damage):
    name = key("screen", "facts-00000").record_name
    whole = ledger.storage.read(name)
    ledger.storage.write(name, DAMAGES[damage](whole))
    assert ledger.find_record("screen", "facts-00000") is None
    with pytest.raises(DamagedShard, match=rf"{name} of screen/facts-00000 is not as it was written"):
        ledger.read_record("screen", "facts-00000")


def test_every_byte_of_a_record_counts(ledger):
    whole = ledger.storage.read(key("screen", "facts-00000").record_name)
    Record.model_validate_json(unseal(whole))
    for place in range(len(whole)):
        for changed in (b"", b" ", bytes([whole[place] ^ 1])):
            if changed != whole[place : place + 1]:
                with pytest.raises(NotAsSealed):
                    unseal(whole[:place] + changed + whole[place + 1 :])


def test_records_of_a_stage_hold_what_they_have_in_common_once(ledger):
    written = ledger.read_record("screen", "facts-00000").model_copy(update={"parameters": {"filters": ["length"]}})
    otherwise = written.model_copy(update={"parameters": {"filters": []}})
    again = Ledger(ledger.storage.root)
    one, other, third = (again.shared(each.model_copy(deep=True)) for each in (written, written, otherwise))
    assert [one, other, third] == [written, written, otherwise]
    assert other.parameters is one.parameters
    assert third.versions is one.versions


def test_the_record_of_another_shard_is_none(ledger):
    name = key("screen", "facts-00000").record_name
    ledger.storage.write(name.replace("screen", "ingest"), ledger.storage.read(name))
    assert ledger.find_record("ingest", "facts-00000") is None


def test_counts_are_counted_from_the_verdicts(ledger):
    counts = ledger.find_record("screen", "facts-00000").counts
    assert [(count.verdict, count.reason, count.rows) for count in counts] == [
        ("dropped", "too_long", 1),
        ("kept", None, 2),
    ]


@pytest.mark.parametrize(
    ("verdicts", "rows_in", "message"),
    [
        ([(IDS[0], None)], 2, "2 rows came in but 1 verdicts were given"),
        ([(IDS[0], None), (IDS[1], None)], 2, "2 rows were kept but 1 other rows go on"),
        ([(IDS[0], None), (IDS[0], None)], 2, "an id occurs twice"),
        ([(IDS[0], None)], 1, "1 rows were kept but 1 other rows go on"),
    ],
)
def test_rows_that_are_not_accounted_for_stop_the_run(tmp_path, verdicts, rows_in, message):
    ledger = Ledger(str(tmp_path))
    passed = rows([IDS[0]]) if message.startswith(("2 rows were", "an id")) else rows([IDS[3]])
    with pytest.raises(UnaccountedRows, match=f"screen/facts-00000: {message}"):
        ledger.commit(key("screen", "facts-00000"), outcome(passed, verdicts), rows_in, {}, 0, {})
    assert ledger.storage.names("work/screen") == []


def test_a_shard_that_is_written_anew_is_not_done_meanwhile(ledger, monkeypatch):
    """Killed between the new rows and the new record, the old record must not vouch for the new rows."""
    again = key("screen", "facts-00000", fingerprint="new")

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger.storage, "write_table", killed)
    with pytest.raises(KeyboardInterrupt):
        ledger.commit(again, outcome(rows([IDS[0]]), [(IDS[0], None)]), 1, {}, 0, {})
    assert ledger.find_record("screen", "facts-00000") is None


def test_shards_of_an_earlier_plan_are_taken_away_with_all_their_files(ledger):
    moved = outcome(rows([IDS[0]]), [(IDS[0], None)])
    ledger.commit(key("screen", "facts-00001"), moved, 1, {}, 0, {})
    ledger.keep_only(StagePlan(stage="screen", shards=("facts-00000",)))
    assert ledger.storage.names("work/screen") == ["facts-00000.parquet"]
    assert ledger.storage.names("manifests/screen") == ["facts-00000.record.json", "facts-00000.verdicts.parquet"]


def test_a_folder_without_a_run_says_how_to_make_one(tmp_path):
    with pytest.raises(NotARun, match="holds no run; make one with: sayso run RECIPE --to DIR"):
        Ledger(str(tmp_path)).plan()
