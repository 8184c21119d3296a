"""Real files: each is read in the schema it has, to the last row."""

from pathlib import Path

import polars as pl
import pytest

from sayso.stages.ingest.ingest import plan_shards
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError
from tests.stages.ingest.test_ingest import everything

# File → schema and rows.
OPEN_DATA = {
    "alpaca_en_demo.json": ("alpaca", 999),
    "alpaca_zh_demo.json": ("alpaca", 1000),
    "codegen.json": ("alpaca", 4535),
    "dpo_en_demo.json": ("preference", 300),
    "glaive_toolcall_en_demo.json": ("sharegpt", 300),
    "gsm8k_train.jsonl": ("question_answer", 7473),
    "roleplay.json": ("alpaca", 1923),
    "si_seed.jsonl": ("self_instruct", 175),
    "t0_prompts.parquet": ("prompt_completion", 27593),
    "v1_sft_demo.jsonl": ("messages", 500),
}
# Rows whose answer is an end mark alone.
UNANSWERED = {"t0_prompts.parquet": 700}


@pytest.mark.parametrize("name", OPEN_DATA)
def test_every_row_is_read_in_the_schema_it_has(name: str, open_data: Path) -> None:
    schema, rows = OPEN_DATA[name]
    source = Source(name=name, paths=(name,))
    assert {shard.slices[0].mapping.name for shard in plan_shards(source, open_data)} == {schema}
    outcome = everything(source, open_data, 5000)
    assert outcome.verdicts.height == rows
    assert outcome.verdicts["reason"].drop_nulls().to_list() == ["no_answer"] * UNANSWERED.get(name, 0)


def test_evaluation_questions_without_answers_are_refused(open_data: Path) -> None:
    with pytest.raises(SourceError, match=r"vicuna_bench\.jsonl: no schema fits the columns question_id"):
        plan_shards(Source(name="bench", paths=("vicuna_bench.jsonl",)), open_data)


def test_the_answer_to_a_call_of_a_tool_is_what_the_assistant_says_in_the_end(open_data: Path) -> None:
    rows = everything(Source(name="g", paths=("glaive_toolcall_en_demo.json",)), open_data, 5000).rows
    called = rows.filter(pl.col("messages").list.get(1).struct.field("role") == "tool")
    assert called.height == 106
    assert not called["answer"].str.starts_with("{").any()
