"""A published dataset is what its list says, or each thing that is not so is named with its file and row."""

import io
import json
import re

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest

from sayso.manifests.names import CARD_NAME
from sayso.manifests.progress import no_progress
from sayso.manifests.sealing import seal, unseal
from sayso.manifests.verify.dataset import examine
from sayso.manifests.verify.run import verify_published
from sayso.stages.compose.parquet_shards import parquet_bytes
from sayso.stages.compose.published_columns import CONFIGS
from tests.published_dataset import published, relist
from tests.sound_formats import MERGED_FORMAT, SOUND_FORMAT

FIRST, SECOND = "data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"
ICHIGO = "ichigo/train-00000-of-00002.parquet"


@pytest.fixture
def dataset(tmp_path):
    return published(tmp_path / "dataset")


def read(dataset, name):
    return pl.read_parquet(io.BytesIO(dataset.read(name)))


def rewrite(dataset, name, rows):
    """Put other rows in a file's place, and let the list say that it is right."""
    config = "default" if name.startswith("data/") else "ichigo"
    dataset.write(name, parquet_bytes(rows, CONFIGS[config]))
    relist(dataset)


def problems(dataset):
    return [(problem.where, problem.what) for problem in examine(dataset, no_progress).problems]


class Bytes:
    """Progress that keeps what it is told."""

    def __init__(self):
        self.seen = []

    def advance(self, size):
        self.seen.append(size)


def test_a_dataset_of_every_kind_in_both_configs_is_right(dataset):
    progress = Bytes()
    found = examine(dataset, progress)
    assert found.problems == []
    assert found.rows == 10
    assert progress.seen == [file.bytes for file in found.files]
    assert {source: tally.rows for source, tally in found.tallies.items()} == {"facts": 10}


def test_a_folder_without_a_list_is_no_dataset(dataset):
    dataset.remove("files.json")
    ((where, what),) = problems(dataset)
    assert where == "files.json"
    assert "the dataset was not published" in what


def test_bytes_that_are_not_those_of_the_list_are_found(dataset):
    content = bytearray(dataset.read(FIRST))
    content[100] ^= 1
    dataset.write(FIRST, bytes(content))
    dataset.write(SECOND, dataset.read(SECOND)[:-1])
    dataset.remove(ICHIGO)
    size = len(dataset.read(SECOND))
    assert problems(dataset) == [
        (FIRST, "does not have the sha256 of the list"),
        (SECOND, f"has {size:,} bytes, the list says {size + 1:,}"),
        (ICHIGO, "is missing"),
    ]


def test_tokens_are_held_to_what_the_list_says_of_them(dataset):
    small = SOUND_FORMAT.model_copy(update={"codes": 400, "mask_code": None})
    relist(dataset, small)
    beyond = [what for where, what in problems(dataset) if where == FIRST]
    assert any(re.match(r"row [0-9a-f]{32} has a token above 399", what) for what in beyond)
    relist(dataset, MERGED_FORMAT)
    assert problems(dataset) == []


def test_tokens_of_an_earlier_version_are_held_to_the_one_format_that_there_was(dataset):
    listed = json.loads(unseal(dataset.read("files.json")))
    del listed["sound"]
    dataset.write("files.json", seal(json.dumps(listed, indent=1).encode()))
    found = verify_published(dataset)
    assert (found.problems, found.assumed_sound) == ((), SOUND_FORMAT)


def test_a_file_too_many_a_shard_too_few_and_no_card_are_found(dataset):
    dataset.write("data/test-00000-of-00001.parquet", dataset.read(FIRST))
    dataset.remove(CARD_NAME)
    assert problems(dataset) == [
        ("data/test-00000-of-00001.parquet", "is no part of this dataset"),
        (CARD_NAME, "is missing"),
    ]
    dataset.remove("data/test-00000-of-00001.parquet")
    dataset.remove(FIRST)
    relist(dataset)
    assert ("default/train", "is not a whole series of shards: train-00001-of-00002.parquet") in problems(dataset)


def test_another_schema_is_found(dataset):
    buffer = io.BytesIO()
    read(dataset, SECOND).drop("cer").write_parquet(buffer)
    dataset.write(SECOND, buffer.getvalue())
    relist(dataset)
    assert (SECOND, f"has another schema than {FIRST}") in problems(dataset)


def test_columns_that_cannot_be_read_are_named(dataset):
    for name in (FIRST, SECOND):
        buffer = io.BytesIO()
        read(dataset, name).with_columns(pl.col("sound_tokens").cast(pl.List(pl.Int32))).write_parquet(buffer)
        dataset.write(name, buffer.getvalue())
    relist(dataset)
    assert problems(dataset)[0] == (FIRST, "lacks, or has of another type: sound_tokens")


def changed(name, value, where):
    """Rows of which one has another value; `where` picks it."""
    return lambda rows: rows.with_columns(
        pl.when(pl.col("id") == rows.filter(where)["id"][0]).then(value).otherwise(name).alias(name)
    )


SOUND, TEXT = pl.col("kind") == "instruction", pl.col("kind") == "text"
BROKEN = {
    "an id that is not 32 hexadecimal digits": changed("id", pl.lit("00"), pl.col("id") == pl.col("id").min()),
    "an id that is not above the one before": lambda rows: rows.reverse(),
    f"a token above {SOUND_FORMAT.highest}": changed(
        "sound_tokens", pl.col("sound_tokens") + SOUND_FORMAT.codes, SOUND
    ),
    "message 1, which does not ask for the transcription that it is": changed("kind", pl.lit("transcription"), SOUND),
    "no sound tokens": changed("kind", pl.lit("instruction"), TEXT),
    "sound tokens though it is text": changed("kind", pl.lit("text"), SOUND),
    "turns that do not add up to its tokens": changed("tokens_per_turn", pl.lit([1], pl.List(pl.UInt16)), SOUND),
    "a duration that does not fit its tokens": changed("duration", pl.col("duration") + 1, SOUND),
    "an empty answer": changed("answer", pl.lit(""), SOUND),
    "message 2, which is empty": changed(
        "conversations",
        pl.col("conversations").list.eval(
            pl.struct(
                pl.element().struct["role"],
                pl.when(pl.element().struct["role"] == "user").then(pl.element().struct["content"]).alias("content"),
            )
        ),
        SOUND,
    ),
    "other sound tokens in its messages than in its columns": changed(
        "sound_tokens", pl.col("sound_tokens").list.reverse(), SOUND
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_row_is_found_and_named(dataset, what):
    rows = read(dataset, FIRST)
    broken = BROKEN[what](rows)
    rewrite(dataset, FIRST, broken)
    found = [sentence for where, sentence in problems(dataset) if where == FIRST and f" has {what}" in sentence]
    assert len(found) == 1
    assert any(row_id in found[0] for row_id in broken["id"])


ICHIGO_BROKEN = {
    "an index that is not above the one before": lambda rows: rows.reverse(),
    "a token out of range": lambda rows: rows.with_columns(pl.col("tokens") - 1_000),
    "another length than its tokens": lambda rows: rows.with_columns(pl.col("length") + 1),
    "no sound tokens": lambda rows: rows.with_columns(tokens=pl.lit([], pl.List(pl.Int64)), length=0),
    "an empty answer": lambda rows: rows.with_columns(answer=pl.lit("")),
}


@pytest.mark.parametrize("what", ICHIGO_BROKEN)
def test_a_broken_row_of_the_config_ichigo_is_found(dataset, what):
    rewrite(dataset, ICHIGO, ICHIGO_BROKEN[what](read(dataset, ICHIGO)))
    ((where, sentence),) = problems(dataset)
    assert where == ICHIGO
    assert f" has {what}" in sentence


def test_ids_go_on_ascending_from_shard_to_shard(dataset):
    first, second = read(dataset, FIRST), read(dataset, SECOND)
    rewrite(dataset, FIRST, second)
    rewrite(dataset, SECOND, first)
    ((where, what),) = [found for found in problems(dataset) if "not above" in found[1]]
    assert where == SECOND
    assert what == f"row {first['id'][0]} has an id that is not above the one before"


def test_a_dataset_alone_is_verified_without_a_run(dataset):
    found = verify_published(dataset)
    assert found.problems == ()
    assert (found.files, found.rows_published) == (4, 10)


def test_a_text_that_very_many_rows_share_is_not_unpacked(dataset):
    """Two kilobytes of dictionary, which would be 1.8 GB of answers."""
    rows, buffer = 600, io.BytesIO()
    shared = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array(["x" * 3_000_000]))
    ids = pa.array([f"{number:032x}" for number in range(rows)])
    given = {"id": ids, "answer": shared}
    schema = CONFIGS["default"].arrow_schema
    columns = {field.name: given.get(field.name, pa.nulls(rows, field.type)) for field in schema}
    pyarrow.parquet.write_table(pa.table(columns), buffer, compression="zstd", store_schema=False)
    dataset.write(FIRST, buffer.getvalue())
    relist(dataset)
    said = "has in row group 1 more text than the 1,073,741,824 bytes that 512 rows may have"
    assert (FIRST, f"{said}, so its rows are not looked at") in problems(dataset)


def test_files_and_row_groups_that_are_larger_than_any_of_ours_are_not_read(dataset, monkeypatch):
    monkeypatch.setattr("sayso.manifests.row_groups.MOST_GROUP_BYTES", 10_000)
    assert (
        FIRST,
        "has in row group 1 more than the 10,000 bytes that one may take, so its rows are not looked at",
    ) in (problems(dataset))
    monkeypatch.setattr("sayso.manifests.verify.dataset.MOST_FILE_BYTES", 100)
    size = dataset.size(FIRST)
    assert problems(dataset)[0] == (FIRST, f"has {size:,} bytes, and a file of a dataset 100 at most; it is not read")


def test_more_rows_than_bytes_are_not_looked_for(dataset):
    listed = json.loads(unseal(dataset.read("files.json")))
    size = listed["files"][0]["bytes"]
    listed["files"][0]["rows"] = 1 << 40
    dataset.write("files.json", seal(json.dumps(listed, indent=1).encode()))
    assert (FIRST, f"has 1,099,511,627,776 rows by the list, more than {size:,} bytes hold") in problems(dataset)
