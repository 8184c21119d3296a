"""The demo's rows say which junk was planted where: it is found, and the clean rows stay."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from sayso.filters import DEFAULT_FILTERS
from sayso.filters.judging import first_reason
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.screen.normalization import to_spoken
from sayso.stages.sources.source import Source

DEMO = Path(__file__).parents[2] / "pipeline/recipes/demo"

# What was planted, and the reasons that are right for it.
REASONS = {
    "url": {"url"},
    "email": {"email"},
    "code": {"code", "markup", "odd_symbols"},
    "html": {"markup"},
    "markdown": {"markup", "list", "code"},
    "latex": {"latex"},
    "maths": {"maths", "latex"},
    "table": {"table"},
    "list": {"list", "lettered_choices"},
    "qa_markers": {"question_answer_markers", "field_labels", "transcript"},
    "emoji": {"emoji", "too_short"},
    "odd_symbols": {"odd_symbols", "unpronounceable", "emoji", "code", "foreign_script"},
    "unreadable": {"unreadable", "odd_symbols", "too_many_seconds", "code"},
    "too_long": {"too_many_characters", "too_many_seconds", "too_many_words"},
    "too_short": {"too_short", "empty_prompt"},
    "other_language": {"not_wanted_language"},
    "cut_off": {"cut_off_prompt"},
    "cut_off_answer": {"cut_off_answer"},
    "repetition": {"repetition", "character_run"},
    "refusal": {"refusal"},
    "ai_disclaimer": {"ai_disclaimer", "refusal"},
    "template_leftover": {"template_leftover", "code", "missing_input", "question_answer_markers"},
    "chat_mark": {"chat_mark", "template_leftover"},
    "leaked_turn": {"leaked_turn"},
    "tokenizer_residue": {"tokenizer_residue"},
    "only_links": {"only_links"},
    "only_a_table": {"only_a_table"},
    "answer_language": {"answer_in_another_language"},
    "names_its_maker": {"names_its_maker"},
    "knowledge_cutoff": {"knowledge_cutoff"},
    "placeholder": {"template_leftover"},
    "no_content": {"answer_without_content"},
    "missing_input": {"missing_input", "template_leftover"},
    "screen_request": {"asks_for_code"},
}


def screened(folder: Path, names: list[str]) -> pl.DataFrame:
    sources = [Source(name=name, paths=(name,)) for name in names]
    rows = pl.concat([ingest(shard).rows for source in sources for shard in plan_shards(source, folder)])
    rows = rows.with_columns(to_spoken(rows["prompt"]))
    return first_reason(rows, DEFAULT_FILTERS).with_columns(rows["prompt"], rows["answer"])


@cache
def demo() -> pl.DataFrame:
    truth = pl.DataFrame(json.loads((DEMO / "planted.json").read_text())).select(
        position=pl.format("{}:{}", "file", "row"), junk="junk"
    )
    verdicts = screened(DEMO, sorted(path.name for path in DEMO.glob("*.json*") if path.name != "planted.json"))
    return verdicts.join(truth, on="position", how="left")


@pytest.mark.parametrize("junk", REASONS)
def test_planted_junk_is_found_with_a_fitting_reason(junk: str) -> None:
    planted = demo().filter(pl.col("junk") == junk)
    assert planted.height > 0
    wrong = planted.filter(~pl.col("reason").fill_null("kept").is_in(REASONS[junk]))
    assert wrong.select("position", "prompt", "answer", "reason").rows() == []


def test_clean_rows_stay() -> None:
    dropped = demo().filter(pl.col("junk").is_null() & pl.col("reason").is_not_null())
    assert dropped.select("position", "prompt", "reason").rows() == []


class TestOpenData:
    """Real rows, of which the files of spoken-style prompts are nearly all clean."""

    @pytest.mark.parametrize(("name", "least"), [("roleplay.json", 0.98), ("gsm8k_train.jsonl", 0.99)])
    def test_clean_files_lose_little_but_what_is_too_long(self, name: str, least: float, open_data: Path) -> None:
        verdicts = screened(open_data, [name])
        kept = verdicts.filter(pl.col("verdict") == "kept").height
        long = verdicts.filter(pl.col("reason").fill_null("").str.starts_with("too_many_")).height
        assert kept / (verdicts.height - long) >= least

    def test_no_chinese_row_is_kept(self, open_data: Path) -> None:
        assert screened(open_data, ["alpaca_zh_demo.json"])["verdict"].unique().to_list() == ["dropped"]

    def test_a_second_opinion_is_asked_for_less_than_two_rows_in_a_hundred(self, open_data: Path) -> None:
        verdicts = screened(open_data, ["alpaca_en_demo.json", "si_seed.jsonl", "v1_sft_demo.jsonl", "codegen.json"])
        asked = verdicts.filter(pl.col("language.code").is_not_null())["language.second"]
        assert asked.count() / asked.len() < 0.02
