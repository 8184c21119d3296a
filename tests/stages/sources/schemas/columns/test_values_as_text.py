"""Values that are no text: written as people write them, wherever they come from."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.schemas.conversion import apply_schema
from sayso.stages.sources.source import Source
from tests.stages.sources.schemas.test_schemas import converted, frame, resolved

WRITTEN = [
    (42.0, "42"),
    (-3.0, "-3"),
    (0.1, "0.1"),
    (2.5e-7, "0.00000025"),
    (1e20, "100000000000000000000"),
    (1e300, "1e+300"),
    (42, "42"),
    (Decimal("42.00"), "42"),
    (Decimal("42.50"), "42.50"),
    (datetime(1969, 7, 20), "1969-07-20"),
    (datetime(1969, 7, 20, 20, 17, 40), "1969-07-20 20:17:40"),
    (datetime(1969, 7, 20, 20, 17, 40, 500_000), "1969-07-20 20:17:40.500"),
    (date(1969, 7, 20), "1969-07-20"),
]


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_a_column_of_parquet_is_said_as_people_write_it(tmp_path: Path, value: object, text: str) -> None:
    rows = pl.DataFrame({"question": [value], "answer": [value]})
    rows = rows.with_columns(pl.col(pl.Datetime).cast(pl.Datetime("ms")))
    rows.write_parquet(tmp_path / "rows.parquet")
    (shard,) = plan_shards(Source(name="s", paths=("rows.parquet",)), tmp_path)
    assert ingest(shard).rows.select("prompt", "answer").row(0) == (text, text)
    assert apply_schema(resolved(rows.to_dicts()[0]), rows)["answer"].to_list() == [text]


@pytest.mark.parametrize(("value", "text"), WRITTEN[:7])
def test_a_number_of_json_is_said_as_people_write_it(value: object, text: str) -> None:
    result = converted({"question": "How many?", "answer": value}, {"question": value, "answer": "So many."})
    assert result["answer"][0] == result["prompt"][1] == text


@pytest.mark.parametrize("missing", ["nan", "NaN", "null", "<NA>", float("nan"), None, [], {}])
def test_a_missing_value_is_no_answer_and_no_prompt(missing: object) -> None:
    whole: dict[str, object] = {"instruction": "Name a bird.", "input": missing, "output": "Wren.", "system": missing}
    rows = converted(whole, {**whole, "output": missing}, {**whole, "instruction": missing})
    assert rows["reason"].to_list() == [None, "no_answer", "no_prompt"]
    assert rows["messages"][0].to_list() == [
        {"role": "user", "content": "Name a bird."},
        {"role": "assistant", "content": "Wren."},
    ]


def test_not_a_number_in_a_column_of_floats_is_no_answer() -> None:
    rows = pl.DataFrame({"question": ["How many?", "And now?"], "answer": [float("nan"), 7.0]})
    found = apply_schema(resolved(rows.to_dicts()[1]), rows)
    assert found.select("answer", "reason").rows() == [(None, "no_answer"), ("7", None)]


@pytest.mark.parametrize("word", ["None", "-", "N/A"])
def test_a_word_that_may_be_meant_is_an_answer(word: str) -> None:
    assert apply_schema(resolved({"question": "?", "answer": word}), frame([{"question": "Which?", "answer": word}]))[
        "answer"
    ].to_list() == [word]
