"""A small published dataset with recordings, in two splits, made by the stages that make the real ones."""

import io

import numpy as np
import polars as pl
import soundfile

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.storage import Storage
from sayso.stages.compose.compose import Compose, compose
from sayso.stages.compose.ichigo import ichigo
from sayso.stages.compose.parquet_shards import parquet_bytes
from sayso.stages.compose.published_columns import CONFIGS, features_of
from tests.published_dataset import relist, spoken_rows
from tests.sound_formats import SOUND_FORMAT

RATE = 16_000


def recording(frames):
    """A FLAC file of so many samples, of which no two files have the same."""
    file = io.BytesIO()
    samples = np.random.default_rng(frames).integers(-999, 999, frames, np.int16)
    soundfile.write(file, samples, RATE, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def with_audio(rows):
    """Rows with recordings, as long as their tokens say, where somebody has spoken."""
    # Not quite as long, as real ones are not.
    frames = [
        round(seconds * RATE) - 7 if voice else None for seconds, voice in rows.select("duration", "voice").rows()
    ]
    return rows.with_columns(audio=pl.Series([count and recording(count) for count in frames], dtype=pl.Binary))


def publish(folder, train=(5, 5), test=(5,), seed=0, of_rows=with_audio):
    """Publish shards of so many rows of every kind in both configs, with a list. Returns the dataset and its rows."""
    dataset = Storage(str(folder))
    table = compose(of_rows(spoken_rows(sum(train) + sum(test), seed)), Compose(), SOUND_FORMAT, 0)
    first = 0
    for split, sizes in {"train": train, "test": test}.items():
        for number, rows in enumerate(sizes):
            part = table.slice(first, rows)
            name = f"{split}-{number:05d}-of-{len(sizes):05d}.parquet"
            content = parquet_bytes(part, features_of(part.columns))
            dataset.write(f"{CONFIG_FOLDERS['default']}/{name}", content)
            in_ichigo = parquet_bytes(ichigo(part, first, SOUND_FORMAT), CONFIGS["ichigo"])
            dataset.write(f"{CONFIG_FOLDERS['ichigo']}/{name}", in_ichigo)
            first += rows
    relist(dataset)
    return dataset, table
