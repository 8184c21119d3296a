"""Make a corpus: `python -m tests.benchmarks.corpus OUT ROWS [SEED] [--data FOLDER]`.

ROWS is a multiple of 100. OUT gets three sources in as many schemas as Parquet files (`questions`, `alpaca`, `chats`),
`truth.parquet` with what was planted in each row, and `recipe.yaml`, for `sayso run OUT/recipe.yaml --to RUN --until
deduplicate`. The real rows come from FOLDER, or from the one that SAYSO_OPEN_DATA names.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from rich.progress import track

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from tests.benchmarks.corpus.prompts import learn, plain_answers, plain_prompts
from tests.benchmarks.corpus.rows import Material, make
from tests.open_data import EVALUATION, checked, named

# Nearly all its prompts ask for code, which nobody does aloud.
CODE = "codegen.json"
BLOCK = 100_000
ROWS_PER_FILE = 500_000
# Share of the prompts with figures, which a school-book of sums would otherwise fill.
FIGURES = 0.45
SHORT = 200
SOURCES = ("questions", "alpaca", "chats")
SHARES = (0.4, 0.25, 0.35)


def material(folder: Path, seed: int) -> Material:
    """Words and answers of the real rows in a folder."""
    names = sorted(path.name for path in folder.iterdir() if path.suffix in {".json", ".jsonl", ".parquet"})
    sources = [Source(name=name, paths=(name,)) for name in names if name not in (EVALUATION, CODE)]
    rows = pl.concat([ingest(shard).rows for source in sources for shard in plan_shards(source, folder)])
    prompts = plain_prompts(rows, FIGURES, seed)
    return Material(learn(prompts), prompts.filter(prompts.str.len_chars() <= SHORT), plain_answers(rows))


class SourceFiles:
    """The files of one source, begun anew every ROWS_PER_FILE rows."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._writer: pq.ParquetWriter | None = None
        self._files = self._rows = 0

    def append(self, table: pl.DataFrame) -> pl.Series:
        """Write a table behind what is there; gives the position of each of its rows."""
        if self._writer is None or self._rows + table.height > ROWS_PER_FILE:
            self.close()
            self._files, self._rows = self._files + 1, 0
        name = f"{self._name}-{self._files:04d}.parquet"
        data = _SCHEMAS[self._name](table).to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._folder / name, data.schema, compression="zstd", compression_level=1)
        self._writer.write_table(data, row_group_size=20_000)
        positions = pl.format("{}:{}", pl.lit(name), pl.int_range(self._rows + 1, self._rows + table.height + 1))
        self._rows += table.height
        return pl.select(positions.alias("position")).to_series()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = None


def _questions(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(question="prompt", answer="answer")


def _alpaca(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(instruction="prompt", input=pl.lit(""), output="answer")


def _chats(table: pl.DataFrame) -> pl.DataFrame:
    turns = [
        pl.struct(role=pl.lit(role), content=pl.col(text))
        for role, text in (("user", "prompt"), ("assistant", "answer"))
    ]
    return table.select(messages=pl.concat_list(turns))


_SCHEMAS = {"questions": _questions, "alpaca": _alpaca, "chats": _chats}

RECIPE = """\
name: corpus
seed: {seed}
sources:
""" + "".join(f'  - name: {name}\n    paths: ["{name}-*.parquet"]\n    license: Apache-2.0\n' for name in SOURCES)


def write(folder: Path, rows: int, seed: int, data: Path) -> None:
    """Make the corpus in a folder, a block at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    made = material(data, seed)
    files = {name: SourceFiles(folder, name) for name in SOURCES}
    truth: pq.ParquetWriter | None = None
    for first in track(range(0, rows, BLOCK), description="corpus"):
        count = min(BLOCK, rows - first)
        generator = np.random.default_rng((seed, first))
        table = make(made, first, count, seed).with_columns(
            source=pl.Series(generator.choice(SOURCES, count, p=SHARES))
        )
        table = table[generator.permutation(count)]
        parts = []
        for name in SOURCES:
            part = table.filter(pl.col("source") == name)
            parts.append(part.with_columns(files[name].append(part)))
        labels = _with_originals(pl.concat(parts)).to_arrow(compat_level=pl.CompatLevel.oldest())
        truth = truth or pq.ParquetWriter(folder / "truth.parquet", labels.schema)
        truth.write_table(labels)
    for some in (*files.values(), truth):
        if some is not None:
            some.close()
    (folder / "recipe.yaml").write_text(RECIPE.format(seed=seed), encoding="utf-8")


def _with_originals(table: pl.DataFrame) -> pl.DataFrame:
    """Labels by position; a copy with the position of its original."""
    places = table.select(original="number", original_position="position")
    return table.join(places, on="original", how="left").select(
        "source", "position", "label", "original_position", "similarity"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--data", default=named())
    given = parser.parse_args()
    if given.rows % 100:
        parser.error("ROWS must be a multiple of 100")
    write(given.out, given.rows, given.seed, checked(given.data))
