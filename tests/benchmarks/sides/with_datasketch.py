"""datasketch: MinHash and MinHashLSH over the prompts that the project's screen kept (`ours` runs first).

The first of each group of prompts that meet in a bucket stays, as in the text-dedup scripts; exact duplicates meet in
all buckets. MinHashes are made as its documentation shows, one n-gram after the other.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl
from datasketch import MinHash, MinHashLSH
from xxhash import xxh32_intdigest

from tests.benchmarks.sides.rules import folded
from tests.benchmarks.sides.steps import Steps

NGRAM, BANDS, BAND_ROWS = 3, 12, 5

Sketching = Callable[[list[set[bytes]]], Iterable[MinHash]]


def ngrams(text: str) -> set[bytes]:
    words = folded(text)
    return {" ".join(words[at : at + NGRAM]).encode() for at in range(max(1, len(words) - NGRAM + 1))}


def one_by_one(texts: list[set[bytes]]) -> Iterable[MinHash]:
    for text in texts:
        sketch = MinHash(num_perm=BANDS * BAND_ROWS, hashfunc=xxh32_intdigest)
        for ngram in text:
            sketch.update(ngram)
        yield sketch


def deduplicate(folder: Path, sketches_of: Sketching) -> None:
    steps = Steps()
    with steps.step("deduplicate"):
        prompts = pl.read_parquet(folder / "ours/work/screen/*.parquet", columns=["id", "prompt"])
        index = MinHashLSH(num_perm=BANDS * BAND_ROWS, params=(BANDS, BAND_ROWS))
        stays = []
        for number, sketch in enumerate(sketches_of([ngrams(text) for text in prompts["prompt"]])):
            alone = not index.query(sketch)
            stays.append(alone)
            if alone:
                index.insert(number, sketch, check_duplication=False)
        kept = prompts.filter(pl.Series(stays))
        kept.write_parquet(folder / "datasketch.parquet")
    steps.print(deduplicate=kept.height)


if __name__ == "__main__":
    deduplicate(Path(sys.argv[1]), one_by_one)
