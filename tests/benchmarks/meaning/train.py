"""Train the weights that tell answers which decline: `python -m tests.benchmarks.meaning.train [--check]`.

It learns from `sentences/refusals_*.jsonl`, a file an author (label 1 declines, 0 only looks like it),
and from those rows of the real instruction files, in the folder that SAYSO_OPEN_DATA names, which
`real_rows.csv` lists: refusals weigh 0.3 there, rows once mistaken for them 1, and others that were kept 0.2. The same
rows give the same weights. It needs scikit-learn, which `sayso[safety]` brings. `--check` leaves out one author after
the other, prints how many of his refusals and of his look-alikes the others' weights take for refusals, and writes
nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from sayso.filters import text
from sayso.filters.text.ngram_model import BUCKET_BITS, PARTS, features_of, word_classes
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from tests import open_data

HERE = Path(__file__).parent
WEIGHTS = Path(text.__file__).parent / "weights/refusals.bin"
# The inverse of the strength of the L2 prior.
LOOSENESS = 0.2
THRESHOLDS = (-0.5, 0.0, 0.5, 1.0)


def features(rows: pl.DataFrame) -> Any:
    """One line a row (`answer`, `prompt`), one column a bucket: whether the row has a feature that falls there."""
    total = csr_matrix((rows.height, 1 << BUCKET_BITS), dtype=np.float64)
    for place, name in enumerate(("answer", "prompt")):
        buckets, starts = features_of(rows[name].str.strip_chars(), place, word_classes())
        ones = np.ones(len(buckets))
        total += csr_matrix((ones, buckets, starts), shape=total.shape)
    total.sum_duplicates()
    total.data[:] = 1
    return total


def by_author() -> dict[str, pl.DataFrame]:
    """The sentences of each author: prompt, answer, label."""
    return {
        path.stem: pl.DataFrame([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
        for path in sorted((HERE / "sentences").glob("refusals_*.jsonl"))
    }


def real_rows() -> pl.DataFrame:
    """The real rows of `real_rows.csv`, with `label` and `weight`."""
    folder = open_data.checked(open_data.named())
    known = pl.read_csv(HERE / "real_rows.csv")
    names = sorted(known["position"].str.replace(r":\d+$", "").unique())
    sources = [Source(name=name, paths=(name,)) for name in names]
    rows = pl.concat([ingest(shard).rows for source in sources for shard in plan_shards(source, folder)])
    return known.join(rows, on="position", maintain_order="left").select("prompt", "answer", "label", "weight")


def learn(tables: Iterable[pl.DataFrame]) -> tuple[Any, float]:
    """Weights and bias, in log odds."""
    tables = [table.with_columns(weight=pl.lit(1.0)) if "weight" not in table.columns else table for table in tables]
    model = LogisticRegression(C=LOOSENESS, max_iter=500)
    model.fit(
        vstack([features(table) for table in tables]),
        np.concatenate([table["label"].to_numpy() for table in tables]),
        np.concatenate([table["weight"].to_numpy() for table in tables]),
    )
    return model.coef_[0], float(model.intercept_[0])


def main(check: bool) -> None:
    authors, real = by_author(), real_rows()
    if check:
        for left_out, table in authors.items():
            weights, bias = learn([*(one for name, one in authors.items() if name != left_out), real])
            found = features(table) @ weights + bias
            declines = table["label"].to_numpy() == 1
            rates = [
                f"{least}: {(found[declines] > least).mean():.3f} {(found[~declines] > least).mean():.3f}"
                for least in THRESHOLDS
            ]
            print(left_out, *rates, sep="   ")
        return
    weights, bias = learn([*authors.values(), real])
    content = np.clip(np.rint(weights * PARTS), -127, 127).astype(np.int8).tobytes()
    WEIGHTS.write_bytes(content)
    print(f"for filters/answers/refusals.py: BIAS = {bias:.4f}, SHA256 = {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    main(parser.parse_args().check)
