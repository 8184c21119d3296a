"""What is read of a table is what was written, to the last byte, or it is not read at all."""

import pickle
import random

import polars as pl
import pytest

from sayso.manifests.reading import DamagedShard, StoredTable, Within
from sayso.manifests.storage import Storage

TABLE = pl.DataFrame(
    {
        "id": [f"{number:032x}" for number in range(0, 400, 4)],
        "language": ["en"] * 100,
        "language.code": [f"of another column {number}" for number in range(100)],
        "tokens": [list(range(number % 7)) for number in range(100)],
        "later_turns": [[{"prompt": "again?", "answer": None}]] * 99 + [None],
        "nothing": [None] * 100,
    },
    schema_overrides={"tokens": pl.List(pl.UInt16)},
)


@pytest.fixture(params=["disk", "store"])
def stored(request, tmp_path):
    """The table in ten row groups, on a disk and in an object store."""
    storage = Storage(str(tmp_path) if request.param == "disk" else f"memory://{tmp_path.name}")
    file = storage.write_table("work/screen/a.parquet", TABLE, row_group_rows=10)
    return StoredTable(storage, "screen", "a", file)


def again(table):
    """The same table, of which nothing is known yet."""
    return StoredTable(table.storage, table.stage, table.shard, table.file)


def flip(table, place):
    content = bytearray(table.storage.read(table.file.name))
    content[place] ^= 4
    table.storage.write(table.file.name, bytes(content))


@pytest.fixture
def in_memory(tmp_path):
    """The same where files are written at once."""
    storage = Storage(f"memory://{tmp_path.name}")
    return StoredTable(storage, "screen", "a", storage.write_table("work/screen/a.parquet", TABLE, row_group_rows=10))


def test_all_of_a_table_some_columns_and_some_rows_are_read(stored):
    assert (stored.rows, stored.columns) == (100, TABLE.columns)
    assert stored.read().equals(TABLE)
    assert stored.read().schema == TABLE.schema
    assert stored.read(["tokens", "language"]).equals(TABLE.select("tokens", "language"))
    some = Within("id", f"{41:032x}", f"{80:032x}")
    assert stored.read(["tokens"], some).equals(TABLE[11:20].select("tokens"))
    assert stored.read(within=Within("id", "g", "h")).equals(TABLE.head(0))


def test_a_column_of_one_row_group_is_read_alone(stored):
    assert stored.read_row_group(3, "language").to_list() == TABLE["language"][30:40].to_list()
    chunk = stored._chunks[3 * len(stored._leaves) + stored._leaves.index("language")]
    flip(stored, chunk.start)
    with pytest.raises(DamagedShard, match="is not as its record says"):
        again(stored).read_row_group(3, "language")
    assert again(stored).read_row_group(4, "language").len() == 10


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    storage = Storage(str(tmp_path))
    file = storage.write_table("a.parquet", TABLE.head(0), row_group_rows=10)
    assert StoredTable(storage, "screen", "a", file).read(["id", "tokens"]).equals(TABLE.head(0).select("id", "tokens"))


def test_a_flipped_byte_is_never_read(in_memory):
    """Wherever it is: in what is read, it is named, and elsewhere it changes nothing."""
    whole = in_memory.storage.read(in_memory.file.name)
    named = 0
    for place in random.Random(0).sample(range(len(whole)), 200):
        flip(in_memory, place)
        try:
            assert again(in_memory).read(["id", "language"]).equals(TABLE.select("id", "language"))
        except DamagedShard:
            named += 1
        else:
            assert place < again(in_memory).file.bytes - 8, "the footer is always read"
        in_memory.storage.write(in_memory.file.name, whole)
    assert 50 < named < 200


def test_every_byte_is_checked_when_all_is_read(in_memory):
    whole = in_memory.storage.read(in_memory.file.name)
    for place in random.Random(1).sample(range(len(whole)), 100):
        flip(in_memory, place)
        with pytest.raises(DamagedShard):
            again(in_memory).read()
        in_memory.storage.write(in_memory.file.name, whole)


def test_rows_are_read_though_a_row_group_beside_them_is_damaged(stored):
    flip(stored, 10)
    assert again(stored).read(within=Within("id", f"{360:032x}", "g")).equals(TABLE[90:])
    with pytest.raises(DamagedShard, match=r"work/screen/a\.parquet of screen/a is not as its record says"):
        again(stored).read(within=Within("id", "", f"{360:032x}"))


@pytest.mark.parametrize("change", [lambda content: content[:-1], lambda content: content + b"x", lambda content: b""])
def test_a_file_that_is_shorter_or_longer_is_named(stored, change):
    stored.storage.write(stored.file.name, change(stored.storage.read(stored.file.name)))
    with pytest.raises(DamagedShard, match="is not as its record says"):
        again(stored).read()


def test_a_file_that_is_gone_is_named_and_the_name_reaches_other_processes(stored):
    stored.storage.remove(stored.file.name)
    with pytest.raises(DamagedShard) as found:
        again(stored).read()
    sent = pickle.loads(pickle.dumps(found.value))
    assert str(sent) == "work/screen/a.parquet of screen/a is missing"
    assert (sent.stage, sent.shard, sent.file) == ("screen", "a", "work/screen/a.parquet")
