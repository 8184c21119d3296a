"""A small published dataset with rows of every kind, made by the stages that make the real ones."""

import hashlib
import random

import polars as pl

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.dataset.file_list import PublishedFile, file_list
from sayso.manifests.names import CARD_NAME, LIST_NAME, PICTURES
from sayso.manifests.storage import Storage
from sayso.stages.compose.compose import Compose, compose
from sayso.stages.compose.ichigo import ichigo
from sayso.stages.compose.parquet_shards import parquet_bytes
from sayso.stages.compose.published_columns import CONFIGS
from sayso.stages.rows.turns import LATER_TURNS
from tests.sound_formats import SOUND_FORMAT

KINDS = ("instruction", "transcription", "text", "two_turn", "inaudible")
SCHEMA = {
    **dict.fromkeys(("id", "source", "license", "kind", "language", "voice", "transcript"), pl.String),
    **dict.fromkeys(("prompt", "spoken", "answer"), pl.String),
    "later_turns": LATER_TURNS,
    "taken_out": pl.List(pl.String),
    "sound_tokens": pl.List(pl.UInt16),
    "tokens_per_turn": pl.List(pl.UInt16),
    **dict.fromkeys(("duration", "wer", "cer"), pl.Float64),
}


def spoken_rows(count, seed=0):
    """Rows as they come out of `mix`, of one kind after another, with random tokens and ids."""
    numbers = random.Random(seed)
    return pl.DataFrame([_row(place, numbers) for place in range(count)], schema=SCHEMA)


def _row(place, numbers):
    kind = KINDS[place % len(KINDS)]
    turns = {"text": [], "two_turn": [numbers.randrange(40, 300), numbers.randrange(40, 300)]}
    counts = turns.get(kind, [numbers.randrange(40, 700)])
    is_said = kind not in ("text", "inaudible")
    asked = {"prompt": f"What is {place}?", "spoken": f"what is {place}" if is_said else None, "answer": "A number."}
    row = dict.fromkeys(SCHEMA) | asked
    row |= {"id": f"{numbers.randrange(1 << 128):032x}", "source": "facts", "license": "MIT", "language": "en"}
    row |= {"kind": kind, "later_turns": [asked] if kind == "two_turn" else None}
    row |= {
        "sound_tokens": [numbers.randrange(SOUND_FORMAT.codes) for _ in range(sum(counts))],
        "tokens_per_turn": counts,
    }
    row |= {"duration": sum(counts) / SOUND_FORMAT.tokens_per_second if counts else None}
    return row | ({"voice": "heart", "transcript": f"what is {place}", "wer": 0.0, "cer": 0.0} if is_said else {})


def published(folder, rows=10, rows_per_shard=5):
    """Publish so many rows in both configs, in shards of the split `train`, with a list and a card."""
    dataset = Storage(str(folder))
    table = compose(spoken_rows(rows), Compose(), SOUND_FORMAT, 0)
    shards = -(-rows // rows_per_shard)
    tables = {}
    for number in range(shards):
        name = f"train-{number:05d}-of-{shards:05d}.parquet"
        part = table.slice(number * rows_per_shard, rows_per_shard)
        tables[f"{CONFIG_FOLDERS['default']}/{name}"] = part
        tables[f"{CONFIG_FOLDERS['ichigo']}/{name}"] = ichigo(part, number * rows_per_shard, SOUND_FORMAT)
    for name, part in sorted(tables.items()):
        config = next(config for config, of_config in CONFIG_FOLDERS.items() if name.startswith(f"{of_config}/"))
        dataset.write(name, parquet_bytes(part, CONFIGS[config]))
    for name in PICTURES:
        dataset.write(name, b"<svg/>")
    dataset.write(CARD_NAME, b"---\n---\n\n# A dataset\n")
    relist(dataset)
    return dataset


def relist(dataset, sound=SOUND_FORMAT):
    """Write the list anew from the files that are there, so that only their rows can be wrong."""
    files = []
    for config, folder in CONFIG_FOLDERS.items():
        for name in sorted(dataset.names(folder), reverse=True, key=lambda name: name.partition("-")[0]):
            content = dataset.read(f"{folder}/{name}")
            rows = pl.read_parquet(content).height
            sha256 = hashlib.sha256(content).hexdigest()
            split = name.partition("-")[0]
            place = {"name": f"{folder}/{name}", "config": config, "split": split}
            files.append(PublishedFile(**place, rows=rows, bytes=len(content), sha256=sha256))
    pages = {name: dataset.read(name) for name in (*PICTURES, CARD_NAME) if dataset.size(name) is not None}
    dataset.write(LIST_NAME, file_list(files, pages, sound))
