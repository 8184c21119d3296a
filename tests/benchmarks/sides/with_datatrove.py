"""datatrove: the rules as filters, ExactDedup and MinHash, in local executors with one task and one worker.

As its examples have it: words by its tokenizer for English, files as JSON lines with gzip, hashes of 64 bits by xxhash,
steps that read the same rows in one pipeline, dropped rows written by exclusion writers.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import (
    ExactDedupFilter,
    ExactDedupSignature,
    ExactFindDedups,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.exact_dedup import ExactDedupConfig
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.readers import JsonlReader, ParquetReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.text import TextNormConfig
from datatrove.utils.typeshelper import Languages
from datatrove.utils.word_tokenizers import WordTokenizer
from fasttext.FastText import _FastText
from xxhash import xxh64_intdigest

from tests.benchmarks.sides import rules
from tests.benchmarks.sides.steps import Steps

# As the project folds: figures and signs tell two prompts apart, and what says nothing is gone by then.
NORMAL = TextNormConfig(norm_numbers=False, remove_punctuation=False)


class RuleFilter(BaseFilter):
    """Drops a document for the first of some rules that applies."""

    def __init__(self, name: str, some: list[rules.Rule], exclusion_writer: JsonlWriter) -> None:
        super().__init__(exclusion_writer)
        self.name = name
        self._rules = some

    def __deepcopy__(self, memo: dict) -> RuleFilter:
        return self

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        reason = rules.first_reason(self._rules, doc.text, doc.metadata["answer"] or "")
        return True if reason is None else (False, reason)


class LocalLanguageFilter(BaseFilter):
    """What its LanguageFilter does with its FT176LID, with a model file from this machine instead of a download.

    What it finds is weighed with the words, as the project does.
    """

    name = "language"

    def __init__(self, folder: Path, exclusion_writer: JsonlWriter) -> None:
        super().__init__(exclusion_writer)
        self._model = _FastText((folder / "language_model").read_text(encoding="utf-8"))
        self._found, self._limits = rules.read_rules(folder / "rules.json")
        self._words = rules.read_words(folder / "rules.json")

    def __deepcopy__(self, memo: dict) -> LocalLanguageFilter:
        return self

    def filter(self, doc: Document) -> bool:
        text = doc.text.lower() if doc.text.isupper() else doc.text
        labels, scores = self._model.predict(text.replace("\n", " "), k=-1)
        pairs = {label.split("__")[2]: score for label, score in zip(labels, scores, strict=True)}
        doc.metadata["language"], doc.metadata["language_score"] = max(pairs.items(), key=lambda pair: pair[1])
        probability = min(pairs.get(self._limits["keep"][0], 0.0), 1.0)
        odds = rules.log_odds_of_english(self._found, self._limits, self._words, text, probability)
        return odds >= self._limits["least_english"]


class FoldedSignature(MinhashDedupSignature):
    """Its MinHash, of folded texts."""

    def get_shingles(self, text: str) -> np.ndarray:
        return super().get_shingles(" ".join(rules.folded(text)))


def content(doc: Document) -> bytes:
    return " ".join(rules.folded(doc.text)).encode()


def text_hash(text: str) -> int:
    """As its own, which gives xxhash a string: xxhash 4 takes bytes only."""
    return xxh64_intdigest(text.encode())


def screen_and_deduplicate(folder: Path, out: Path, words: str | WordTokenizer, compression: str | None) -> None:
    found, limits = rules.read_rules(folder / "rules.json")

    def run(name: str, pipeline: list[PipelineStep], tasks: int = 1) -> None:
        logs = f"{out}/logs/{name}"
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=logs, skip_completed=False).run()

    def dropped(name: str) -> JsonlWriter:
        return JsonlWriter(f"{out}/dropped/{name}", compression=compression)

    def kept(name: str) -> JsonlWriter:
        return JsonlWriter(f"{out}/{name}", compression=compression)

    def rule_filter(name: str) -> RuleFilter:
        return RuleFilter(name, getattr(rules, name)(found, limits), dropped(name))

    steps = Steps()
    exact = ExactDedupConfig(content_getter=content)
    near = MinhashConfig(n_grams=3, num_buckets=12, hashes_per_bucket=5, norm_config=NORMAL)
    with steps.step("screen"):
        screening = [
            ParquetReader(str(folder), glob_pattern="rows.parquet", text_key="question"),
            rule_filter("written_length"),
            rule_filter("quality"),
            rule_filter("answer_text"),
            rule_filter("self_description"),
            rule_filter("speakable"),
            rule_filter("screen_request"),
            rule_filter("standalone"),
            LocalLanguageFilter(folder, dropped("language")),
            rule_filter("spoken_length"),
            kept("screened"),
        ]
        run("screen", screening)
    with steps.step("deduplicate"):
        run("exact_1", [JsonlReader(f"{out}/screened"), ExactDedupSignature(f"{out}/exact_signatures", exact)])
        run("exact_2", [ExactFindDedups(f"{out}/exact_signatures", f"{out}/exact_duplicates", exact)])
        exact_filter = ExactDedupFilter(f"{out}/exact_duplicates", exact, dropped("exact"))
        signature = FoldedSignature(f"{out}/signatures", near, language=words)
        signature._hash_func = text_hash
        run("exact_3", [JsonlReader(f"{out}/screened"), exact_filter, kept("unique"), signature])
        run("near_2", [MinhashDedupBuckets(f"{out}/signatures", f"{out}/buckets", config=near)], near.num_buckets)
        run("near_3", [MinhashDedupCluster(f"{out}/buckets", f"{out}/clusters", near)])
        near_filter = MinhashDedupFilter(f"{out}/clusters", dropped("near"))
        run("near_4", [JsonlReader(f"{out}/unique"), near_filter, kept("deduplicated")])
    steps.print(screen=rows_in(out / "screened"), deduplicate=rows_in(out / "deduplicated"))


def rows_in(folder: Path) -> int:
    opened = {".jsonl": open, ".gz": gzip.open}
    return sum(len(opened[file.suffix](file, "rb").readlines()) for file in folder.iterdir())


if __name__ == "__main__":
    screen_and_deduplicate(Path(sys.argv[1]), Path(sys.argv[1]) / "datatrove", Languages.english, "gzip")
