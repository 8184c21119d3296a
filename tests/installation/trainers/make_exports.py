"""Export a small dataset in every format, and write down beside it what must be read: `make_exports.py FOLDER`."""

import hashlib
import json
import sys
from pathlib import Path

import polars as pl

from sayso.manifests.progress import no_progress
from sayso.pipeline.export.export import Export
from sayso.pipeline.export.formats import FORMATS
from sayso.pipeline.hub.choice import Choice
from tests.pipeline.export.heard_dataset import publish, with_audio

SIZES = {"train": (20, 20, 20), "test": (10,)}


def all_but_one_shard(rows):
    """Rows with audio, but for the second shard, of which nothing is left."""
    place = pl.col("id").rank("ordinal")
    return with_audio(rows).with_columns(audio=pl.when(~place.is_between(21, 40)).then("audio"))


def main(folder):
    dataset, rows = publish(folder / "dataset", **SIZES, of_rows=all_but_one_shard)
    for name, each in FORMATS.items():
        Export(dataset.root, each, folder / name, no_progress).carry_out(Choice("default"))
    expected, first = {}, 0
    for split, sizes in SIZES.items():
        expected[split] = [_expected(row) for row in rows.slice(first, sum(sizes)).rows(named=True)]
        first += sum(sizes)
    (folder / "expected.json").write_text(json.dumps(expected))


def _expected(row):
    audio = row.pop("audio")
    said = " ".join(filter(None, [row["spoken"], *(turn["spoken"] for turn in row["later_turns"] or ())]))
    return {**row, "said": said, "audio": audio and hashlib.sha256(audio["bytes"]).hexdigest()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
