"""Data-Juicer: its operators for language, length and duplicates, and the rules as operators of one's own, with one
process.

Needs an interpreter of its own, for it pins versions that the project cannot take.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from data_juicer.core.data import NestedDataset
from data_juicer.ops.base_op import Filter
from data_juicer.ops.deduplicator.document_deduplicator import DocumentDeduplicator
from data_juicer.ops.deduplicator.document_minhash_deduplicator import DocumentMinhashDeduplicator
from data_juicer.ops.filter.language_id_score_filter import LanguageIDScoreFilter
from data_juicer.utils.constant import Fields
from datasets import Dataset

from tests.benchmarks.sides import rules
from tests.benchmarks.sides.steps import Steps

PUNCTUATION = r"[^\p{L}\p{N}\s]"


class RuleFilter(Filter):
    """Keeps a sample to which none of some rules applies; the reason stays in its stats."""

    def __init__(self, name: str, some: list[rules.Rule], **options: object) -> None:
        super().__init__(**options)
        self._rules, self._reason = some, f"{name}_reason"

    def compute_stats_single(self, sample: dict, context: bool = False) -> dict:
        reason = rules.first_reason(self._rules, sample["question"], sample["answer"] or "")
        sample[Fields.stats][self._reason] = reason or ""
        return sample

    def process_single(self, sample: dict) -> bool:
        return not sample[Fields.stats][self._reason]


def main(folder: Path) -> None:
    found, limits = rules.read_rules(folder / "rules.json")
    models = folder / "data_juicer_models"
    models.mkdir()
    # Under the name of the model that it would download.
    shutil.copy((folder / "language_model").read_text(encoding="utf-8"), models / "lid.176.bin")
    options = {"text_key": "question", "num_proc": 1, "skip_op_error": False}

    def rule_filter(name: str) -> RuleFilter:
        return RuleFilter(name, getattr(rules, name)(found, limits), **options)

    screening = [
        rule_filter("written_length"),
        rule_filter("quality"),
        rule_filter("answer_text"),
        rule_filter("self_description"),
        rule_filter("privacy"),
        rule_filter("speakable"),
        rule_filter("screen_request"),
        rule_filter("standalone"),
        LanguageIDScoreFilter(lang=limits["keep"], min_score=limits["sure_wanted"], **options),
        rule_filter("spoken_length"),
    ]
    near = {"window_size": 3, "num_permutations": 60, "num_bands": 12, "num_rows_per_band": 5}
    deduplicating = [
        DocumentDeduplicator(lowercase=True, ignore_non_character=True, **options),
        DocumentMinhashDeduplicator(tokenization="space", ignore_pattern=PUNCTUATION, **near, **options),
    ]
    steps = Steps()
    with steps.step("screen"):
        rows = Dataset.from_parquet(str(folder / "rows.parquet"), cache_dir=str(folder / "data_juicer"))
        screened = NestedDataset(rows).process(screening)
    with steps.step("deduplicate"):
        unique = screened.process(deduplicating)
        unique.to_json(str(folder / "data_juicer.jsonl"))
    steps.print(screen=len(screened), deduplicate=len(unique))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
