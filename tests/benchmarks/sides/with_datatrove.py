"""datatrove: the rules as filters, ExactDedup and MinHash, in local executors with one task and one worker.

As its examples have it: words by its tokenizer for English, files as JSON lines with gzip, hashes of 64 bits by xxhash,
steps that read the same rows in one pipeline, dropped rows written by exclusion writers.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
from datatrove.data import Document, DocumentsPipeline
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
from datatrove.utils.typeshelper import Languages, StatHints
from datatrove.utils.word_tokenizers import WordTokenizer
from fasttext.FastText import _FastText
from xxhash import xxh64_intdigest

from tests.benchmarks.sides import rules
from tests.benchmarks.sides.cleaning import Cleaning
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
        reason = rules.first_reason(self._rules, doc.text, doc.metadata["answer"])
        return True if reason is None else (False, reason)


class AnswerFormatter(PipelineStep):
    """Takes marks out of answers, as its formatters do with texts."""

    name, type = "answers", "✂️ - FORMAT"

    def __init__(self, found: rules.Found, limits: dict) -> None:
        super().__init__()
        self._cleaning = Cleaning(found, limits)

    def __deepcopy__(self, memo: dict) -> AnswerFormatter:
        return self

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        for doc in data:
            self.stat_update(StatHints.total)
            with self.track_time():
                doc.metadata["answer"], doc.metadata["taken_out"] = self._cleaning.clean(doc.metadata["answer"] or "")
            yield doc


class LocalLanguage:
    """What its LanguageFilter does with its FT176LID, with a model file from this machine instead of a download."""

    def __init__(self, folder: Path) -> None:
        self._model = _FastText((folder / "language_model").read_text(encoding="utf-8"))

    def __deepcopy__(self, memo: dict) -> LocalLanguage:
        return self

    def predict(self, text: str, wanted: list[str]) -> tuple[str, float, float]:
        """The likeliest language with its probability, and that of the wanted ones."""
        labels, scores = self._model.predict(text.replace("\n", " "), k=-1)
        every = sum(float(scores[labels.index(f"__label__{code}")]) for code in wanted if f"__label__{code}" in labels)
        return labels[0].removeprefix("__label__"), min(float(scores[0]), 1.0), min(every, 1.0)


class LocalLanguageFilter(BaseFilter):
    """Its LanguageFilter. What the model finds is weighed with the words, as the project does."""

    name = "language"

    def __init__(
        self,
        model: LocalLanguage,
        found: rules.Found,
        limits: dict,
        words: dict[str, float],
        exclusion_writer: JsonlWriter,
    ) -> None:
        super().__init__(exclusion_writer)
        self._model, self._found, self._limits, self._words = model, found, limits, words

    def __deepcopy__(self, memo: dict) -> LocalLanguageFilter:
        return self

    def filter(self, doc: Document) -> bool:
        text = doc.text.lower() if doc.text.isupper() else doc.text
        language, score, probability = self._model.predict(text, self._limits["keep"])
        doc.metadata["language"], doc.metadata["language_score"] = language, score
        odds = rules.log_odds_of_english(self._found, self._limits, self._words, text, probability)
        return odds >= self._limits["least_english"]


class AnswerLanguageFilter(BaseFilter):
    """The same of answers that may be in another language."""

    name = "answer_language"

    def __init__(self, model: LocalLanguage, found: rules.Found, limits: dict, exclusion_writer: JsonlWriter) -> None:
        super().__init__(exclusion_writer)
        self._model, self._found, self._limits = model, found, limits

    def __deepcopy__(self, memo: dict) -> AnswerLanguageFilter:
        return self

    def filter(self, doc: Document) -> bool:
        text = rules.text_of_language(self._found, self._limits, doc.text, doc.metadata["answer"])
        if text is None:
            return True
        language, score, wanted = self._model.predict(text, self._limits["keep"])
        if language in self._limits["keep"] or score < self._limits["sure_unwanted"]:
            return True
        return wanted >= self._limits["possible_wanted"]


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
    model = LocalLanguage(folder)

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
            AnswerFormatter(found, limits),
            rule_filter("written_length"),
            rule_filter("quality"),
            rule_filter("answer_text"),
            rule_filter("self_description"),
            rule_filter("privacy"),
            rule_filter("speakable"),
            rule_filter("screen_request"),
            rule_filter("standalone"),
            LocalLanguageFilter(model, found, limits, rules.read_words(folder / "rules.json"), dropped("language")),
            AnswerLanguageFilter(model, found, limits["answer_language"], dropped("answer_language")),
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
