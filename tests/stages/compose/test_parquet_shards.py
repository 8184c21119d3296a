"""Published files: typed, compressed, the same bytes every time."""

import io

import datasets
import polars as pl
import pyarrow.parquet as pq
import pytest
import soundfile
import torch

from sayso.stages.compose.compose import Compose, compose
from sayso.stages.compose.ichigo import ichigo
from sayso.stages.compose.parquet_shards import estimated_bytes, in_row_groups, parquet_bytes
from sayso.stages.compose.published_columns import CONFIGS, FEATURES, features_of
from sayso.stages.synthesize.recording import flac
from tests.published_dataset import spoken_rows
from tests.sound_formats import SOUND_FORMAT
from tests.stages.compose.test_compose import ids, row, rows

PUBLISHED = compose(rows(*map(row, ids(5_000))), Compose(), SOUND_FORMAT, 0)
TABLES = {"default": PUBLISHED, "ichigo": ichigo(PUBLISHED, 0, SOUND_FORMAT)}


@pytest.mark.parametrize("config", CONFIGS)
def test_load_dataset_shows_the_types(config, tmp_path):
    (tmp_path / "train-00000-of-00001.parquet").write_bytes(parquet_bytes(TABLES[config], CONFIGS[config]))
    loaded = datasets.load_dataset("parquet", data_dir=str(tmp_path), split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded.features == CONFIGS[config]
    assert loaded[0] == TABLES[config].row(0, named=True)


def test_a_shard_has_zstd_a_page_index_and_the_same_bytes_every_time(tmp_path):
    content = parquet_bytes(PUBLISHED, FEATURES)
    assert content == parquet_bytes(
        compose(rows(*map(row, reversed(ids(5_000)))), Compose(), SOUND_FORMAT, 0), FEATURES
    )
    (tmp_path / "shard.parquet").write_bytes(content)
    column = pq.ParquetFile(tmp_path / "shard.parquet").metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_offset_index


@pytest.mark.parametrize("config", CONFIGS)
def test_a_dataset_without_rows_keeps_its_schema(config, tmp_path):
    (tmp_path / "empty.parquet").write_bytes(parquet_bytes(TABLES[config].head(0), CONFIGS[config]))
    assert pq.read_schema(tmp_path / "empty.parquet").names == list(CONFIGS[config])


@pytest.mark.parametrize("sizes", [[], [0], [3], [10], [25], [4, 4, 4, 0, 4], [1] * 21, [30, 1]])
def test_rows_are_cut_into_groups_whatever_shards_they_lie_in(sizes):
    parts = [pl.DataFrame({"n": range(sum(sizes[:at]), sum(sizes[: at + 1]))}) for at in range(len(sizes))]
    groups = [group["n"].to_list() for group in in_row_groups(parts, 10)]
    assert [row for group in groups for row in group] == list(range(sum(sizes)))
    assert [len(group) for group in groups[:-1]] == [10] * (len(groups) - 1)
    assert not groups or 0 < len(groups[-1]) <= 10


def test_the_size_is_estimated_from_the_content_however_it_is_cut():
    given = spoken_rows(300)
    parts = list(given.iter_slices(7))
    assert sum(estimated_bytes(part, False) for part in parts) == estimated_bytes(given, False)
    assert (
        0.5
        < estimated_bytes(given, False) / len(parquet_bytes(compose(given, Compose(), SOUND_FORMAT, 0), FEATURES))
        < 2
    )


def test_recordings_are_written_a_hundred_rows_at_a_time_as_the_hubs_audio(tmp_path):
    said = rows(*map(row, ids(250)))
    said = said.with_columns(pl.lit(flac([torch.zeros(1_600)], 16_000)).alias("audio"))
    content = parquet_bytes(compose(said, Compose(), SOUND_FORMAT, 0), features_of(said.columns))
    (tmp_path / "train-00000-of-00001.parquet").write_bytes(content)
    assert pq.ParquetFile(tmp_path / "train-00000-of-00001.parquet").num_row_groups == 3
    loaded = datasets.load_dataset("parquet", data_dir=str(tmp_path), split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded.features["audio"] == datasets.Audio(sampling_rate=16_000)
    stored = loaded.cast_column("audio", datasets.Audio(decode=False))[0]
    samples, rate = soundfile.read(io.BytesIO(stored["audio"]["bytes"]))
    assert (len(samples), rate) == (1_600, 16_000)
    assert stored["audio"]["path"] == f"{stored['id']}.flac"
