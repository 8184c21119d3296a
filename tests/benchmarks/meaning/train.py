"""Train the weights that tell refusals, and prompts whose input is missing: `python -m tests.benchmarks.meaning.train`.

`train.py refusals` and `train.py missing` learn from `sentences/QUESTION_*.jsonl`, a file an author (label 1 is one, 0
only looks like it), from the examples of the filters' own tests, and from those rows of the real instruction files, in
the folder that SAYSO_OPEN_DATA names, which `real_QUESTION.csv` lists with their weight. The same rows give the same
weights. It needs scikit-learn, which `sayso[safety]` brings. `--check` leaves out one author after the other, prints
how many of his sentences of either label the others' weights take for such, and writes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml
from scipy.sparse import csr_matrix, diags, hstack, vstack
from sklearn.linear_model import LogisticRegression

from sayso.filters import text
from sayso.filters.quality import Quality
from sayso.filters.requests.missing_input import material_and_references
from sayso.filters.text.ngram_model import BUCKET_BITS, PARTS, features_of, word_classes
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from tests import open_data

HERE = Path(__file__).parent
OWN_PROMPTS = HERE.parents[1] / "filters/prompts/standalone.yaml"
ANY_PROMPTS = (
    "Can you tell me more about this?",
    "How does it work in practice?",
    "What would you say about it?",
    "What do you think I should do?",
    "Please give me an answer to my question.",
    "Tell me about it.",
    "What is your answer?",
)
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 1.0)


@dataclass(frozen=True)
class Question:
    """What is asked of a row.

    `features`: one line a row, one column a bucket, and behind these one for each of `named`, whose weights are no part
    of the file. `looseness`: the inverse of the strength of the L2 prior. `contrast`: how far the prior is looser for
    features that the two labels have unlike shares of (0: not at all; 1: in proportion to the log of the ratio of their
    shares, as in Wang and Manning, "Baselines and Bigrams", 2012).
    """

    name: str
    module: str
    features: Callable[[pl.DataFrame], Any]
    named: tuple[str, ...]
    looseness: float
    contrast: float


def words_of(*columns: pl.Series) -> Any:
    """One line a row, one column a bucket: whether one of its texts has a feature that falls there."""
    total = csr_matrix((len(columns[0]), 1 << BUCKET_BITS), dtype=np.float64)
    for place, texts in enumerate(columns):
        buckets, starts = features_of(texts.str.strip_chars(), place, word_classes())
        total += csr_matrix((np.ones(len(buckets)), buckets, starts), shape=total.shape)
    total.sum_duplicates()
    total.data[:] = 1
    return total


def of_answers(rows: pl.DataFrame) -> Any:
    return words_of(rows["answer"], rows["prompt"])


def of_prompts(rows: pl.DataFrame) -> Any:
    named = [found.to_numpy().astype(np.float64) for found in material_and_references(rows["prompt"])]
    return hstack([words_of(rows["prompt"]), csr_matrix(np.stack(named, axis=1))]).tocsr()


QUESTIONS = {
    "refusals": Question("refusals", "answers/refusals.py", of_answers, (), 0.2, 0.0),
    "missing": Question("missing", "requests/missing_input.py", of_prompts, ("HOLDS", "REFERS"), 0.4, 0.5),
}


def by_author(question: Question) -> dict[str, pl.DataFrame]:
    """The sentences of each author: prompt, label, and answer where that is asked about."""
    return {
        path.stem: pl.DataFrame([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
        for path in sorted((HERE / "sentences").glob(f"{question.name}_*.jsonl"))
    }


def real_rows(question: Question) -> pl.DataFrame:
    """The real rows that the question learns from, with `label` and `weight`."""
    folder = open_data.checked(open_data.named())
    known = pl.read_csv(HERE / f"real_{question.name}.csv")
    names = sorted(known["position"].str.replace(r":\d+$", "").unique())
    sources = [Source(name=name, paths=(name,)) for name in names]
    rows = pl.concat([ingest(shard).rows for source in sources for shard in plan_shards(source, folder)])
    return known.join(rows, on="position", maintain_order="left").select("prompt", "answer", "label", "weight")


def own_prompts() -> pl.DataFrame:
    """The examples of the tests of `standalone`, without those of its other reasons."""
    listed = yaml.safe_load(OWN_PROMPTS.read_text(encoding="utf-8"))
    rows = [(prompt, int(kind == "missing_input")) for kind in ("missing_input", "keep") for prompt in listed[kind]]
    return pl.DataFrame(rows, schema={"prompt": pl.String, "label": pl.Int64}, orient="row")


def own_answers() -> pl.DataFrame:
    """The examples of `quality` that are refusals, and those that it keeps."""
    chosen = [one for one in Quality.examples if one.reason in (None, "refusal")]
    rows = [(one.prompt, one.answer, int(one.reason == "refusal")) for one in chosen]
    return pl.DataFrame(rows, schema={"prompt": pl.String, "answer": pl.String, "label": pl.Int64}, orient="row")


def behind_other_prompts(tables: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
    """The same answers behind prompts that say nothing of them: no such prompt is to speak for or against a refusal."""
    every = pl.Series(ANY_PROMPTS)
    return [
        table.with_columns(prompt=every.gather([row % len(every) for row in range(len(table))])) for table in tables
    ]


def always(question: Question) -> list[pl.DataFrame]:
    """What is learnt from beside the authors' sentences."""
    return [real_rows(question), own_prompts() if question.name == "missing" else own_answers()]


def learn(question: Question, tables: Iterable[pl.DataFrame]) -> tuple[Any, float]:
    """Weights and bias, in log odds."""
    tables = [*tables]
    if "answer" in tables[0].columns:
        tables += behind_other_prompts(table for table in tables if "weight" not in table.columns)
    tables = [table.with_columns(weight=pl.lit(1.0)) if "weight" not in table.columns else table for table in tables]
    features = vstack([question.features(table) for table in tables]).tocsr()
    labels, weight = (np.concatenate([table[name].to_numpy() for table in tables]) for name in ("label", "weight"))
    scales = _scales(features, labels, weight, question)
    model = LogisticRegression(C=question.looseness, max_iter=500)
    model.fit(features @ diags(scales), labels, weight)
    return model.coef_[0] * scales, float(model.intercept_[0])


def _scales(features: Any, labels: Any, weight: Any, question: Question) -> Any:
    """How loose the prior is for each feature; for those that are named, never tighter than without `contrast`."""
    shares = []
    for label in (0, 1):
        found = np.asarray(features[labels == label].T @ weight[labels == label]) + 1
        shares.append(found / found.sum())
    ratios = np.abs(np.log(shares[1] / shares[0]))
    ratios /= ratios[np.asarray(features.sum(axis=0)).ravel() > 0].mean()
    scales = 1 - question.contrast + question.contrast * ratios
    scales[1 << BUCKET_BITS :] = np.maximum(scales[1 << BUCKET_BITS :], 1)
    return scales


def check(question: Question) -> None:
    """Print, for each author left out, the share of his sentences of label 1, then 0, over each of THRESHOLDS.

    Last, the same of all of them together.
    """
    authors, others = by_author(question), always(question)
    found, is_one = [], []
    for left_out, table in authors.items():
        weights, bias = learn(question, [*(one for name, one in authors.items() if name != left_out), *others])
        found.append(question.features(table) @ weights + bias)
        is_one.append(table["label"].to_numpy() == 1)
        _print_shares(left_out, found[-1], is_one[-1])
    _print_shares("all", np.concatenate(found), np.concatenate(is_one))


def _print_shares(name: str, found: Any, is_one: Any) -> None:
    each = [
        f"{least}: "
        + " ".join(f"{(some > least).mean():.3f}" if len(some) else "-" for some in (found[is_one], found[~is_one]))
        for least in THRESHOLDS
    ]
    print(name, f"{is_one.sum()} and {(~is_one).sum()}", *each, sep="   ", flush=True)


def train(question: Question) -> None:
    """Write the weights, and print what belongs into the module that uses them."""
    weights, bias = learn(question, [*by_author(question).values(), *always(question)])
    content = np.clip(np.rint(weights[: 1 << BUCKET_BITS] * PARTS), -127, 127).astype(np.int8).tobytes()
    (Path(text.__file__).parent / f"weights/{question.name}.bin").write_bytes(content)
    named = [f"{name} = {weight:.4f}" for name, weight in zip(question.named, weights[1 << BUCKET_BITS :], strict=True)]
    told = [f'SHA256 = "{hashlib.sha256(content).hexdigest()}"', f"BIAS = {bias:.4f}", *named]
    print(f"for filters/{question.module}:", *told, sep="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("question", choices=QUESTIONS)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    (check if given.check else train)(QUESTIONS[given.question])
