"""Spoken rows become the published columns, typed, the same bytes every time."""

import datasets
import polars as pl
import pyarrow.parquet as pq

from stages.compose import FEATURES, account, compose, parquet_bytes, shard_names


def spoken(*ids):
    tokens = [[1, 500, 3] for _ in ids]
    texts = {name: [name] * len(ids) for name in ("source", "license", "position", "prompt", "spoken", "answer")}
    rest = {"language": ["en"] * len(ids), "voice": ["heart"] * len(ids), "transcript": ["spoken"] * len(ids)}
    numbers = {"duration": [0.12] * len(ids), "wer": [0.0] * len(ids), "cer": [0.0] * len(ids)}
    table = pl.DataFrame({"id": list(ids), **texts, **rest, **numbers})
    return table.with_columns(pl.Series("sound_tokens", tokens, dtype=pl.List(pl.UInt16)))


def test_the_users_turn_is_sound_and_nothing_else():
    row = compose(spoken("a")).row(0, named=True)
    assert row["conversations"] == [
        {"role": "user", "content": "<|sound_start|><|sound_0001|><|sound_0500|><|sound_0003|><|sound_end|>"},
        {"role": "assistant", "content": "answer"},
    ]
    assert row["kind"] == "instruction"


def test_load_dataset_shows_the_types(tmp_path):
    (tmp_path / "train-00000-of-00001.parquet").write_bytes(parquet_bytes(compose(spoken("b", "a"))))
    loaded = datasets.load_dataset("parquet", data_dir=str(tmp_path), split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded.features == FEATURES
    assert loaded["id"][:] == ["a", "b"]
    assert loaded[0]["sound_tokens"] == [1, 500, 3]


def test_a_shard_has_zstd_a_page_index_and_the_same_bytes_every_time(tmp_path):
    content = parquet_bytes(compose(spoken(*(f"{n:032x}" for n in range(5000)))))
    assert content == parquet_bytes(compose(spoken(*(f"{n:032x}" for n in reversed(range(5000))))))
    (tmp_path / "shard.parquet").write_bytes(content)
    column = pq.ParquetFile(tmp_path / "shard.parquet").metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_offset_index


def test_a_dataset_without_rows_keeps_its_schema(tmp_path):
    (tmp_path / "empty.parquet").write_bytes(parquet_bytes(compose(spoken("a")).head(0)))
    assert pq.read_schema(tmp_path / "empty.parquet").names == list(FEATURES)


def test_each_row_has_its_place_on_record():
    rows = spoken("b", "a")
    outcome = account(compose(rows), rows, "train-00000-of-00001")
    assert outcome.rows.rows() == [(0, "a", "train-00000-of-00001"), (1, "b", "train-00000-of-00001")]
    assert outcome.verdicts["verdict"].to_list() == ["kept", "kept"]


def test_names_tell_the_place_and_the_number_of_shards():
    assert shard_names(101, 50) == [f"train-0000{n}-of-00003" for n in range(3)]
    assert shard_names(0, 50) == ["train-00000-of-00001"]
