"""Files with rows of several schemas: most rows decide for their file, and each is read by a schema that fits it."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sayso.manifests.verdicts import Outcome
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError

Row = dict[str, object]
TALK = [{"role": "user", "content": "Say hi."}, {"role": "assistant", "content": "Hi!"}]
ALPACA: list[Row] = [
    {"instruction": f"Name {number} birds.", "input": "", "output": f"Wren {number}."} for number in range(100)
]
WRITE: dict[str, Callable[[Path, list[Row]], object]] = {
    "jsonl": lambda path, rows: path.write_text("\n".join(map(json.dumps, rows))),
    "json": lambda path, rows: path.write_text(json.dumps(rows)),
    "parquet": lambda path, rows: pl.DataFrame(rows, infer_schema_length=None).write_parquet(path, row_group_size=30),
}


def ingested(folder: Path, name: str, rows: list[Row], shard_rows: int = 20_000, **keys: object) -> Outcome:
    WRITE[name](folder / f"rows.{name}", rows)
    source = Source.model_validate({"name": "s", "paths": [f"rows.{name}"], **keys})
    outcomes = [ingest(shard) for shard in plan_shards(source, folder, shard_rows)]
    return Outcome(*(pl.concat(parts) for parts in zip(*((o.rows, o.verdicts) for o in outcomes), strict=True)))


@pytest.mark.parametrize("name", WRITE)
@pytest.mark.parametrize(
    "odd",
    [
        {"messages": TALK},
        {"messages": None},
        {"chosen": None, "rejected": None},
        {"chosen": "Wren.", "rejected": "Cat."},
        {"question": "Who?", "answer": "Me."},
    ],
)
def test_one_odd_row_does_not_decide_for_its_file(tmp_path: Path, name: str, odd: dict[str, object]) -> None:
    outcome = ingested(tmp_path, name, [{**ALPACA[0], **odd}, *ALPACA[1:]])
    assert outcome.rows["answer"].to_list() == [row["output"] for row in ALPACA]


@pytest.mark.parametrize("name", WRITE)
@pytest.mark.parametrize("shard_rows", [7, 20_000])
def test_each_row_is_read_by_a_schema_that_fits_it(tmp_path: Path, name: str, shard_rows: int) -> None:
    others: list[Row] = [
        {"messages": TALK},
        {"question": "Who?", "answer": "Me."},
        {"prompt": "Say hi.", "chosen": "Hi!", "rejected": "No."},
        {"instruction": "No answer.", "output": None},
        {"messages": [{"role": "alien", "content": "x"}]},
    ]
    rows = [*ALPACA[:10], *others, *ALPACA[10:20]]
    outcome = ingested(tmp_path, name, rows, shard_rows)
    assert outcome.verdicts["position"].to_list() == [f"rows.{name}:{number}" for number in range(1, 26)]
    assert outcome.verdicts["reason"].to_list() == [None] * 13 + ["no_answer", "bad_messages"] + [None] * 10
    assert outcome.rows["answer"].to_list()[9:14] == ["Wren 9.", "Hi!", "Me.", "Hi!", "Wren 10."]
    assert outcome.rows["messages"].to_list()[10] == TALK


def five_schemas(number: int) -> list[Row]:
    said, answered = f"Say {number}.", f"Hi {number}!"
    return [
        {"instruction": said, "input": "", "output": answered},
        {"messages": [{"role": "user", "content": said}, {"role": "assistant", "content": answered}]},
        {"conversations": [{"from": "human", "value": said}, {"from": "gpt", "value": answered}]},
        {"question": said, "answer": answered},
        {"prompt": said, "completion": answered},
    ]


def in_all_columns(rows: list[Row], empty: Callable[[str], object]) -> list[Row]:
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{column: row.get(column, empty(column)) for column in columns} for row in rows]


@pytest.mark.parametrize("name", WRITE)
@pytest.mark.parametrize(
    "empty", [lambda _: None, lambda column: [] if column in ("messages", "conversations") else ""]
)
def test_a_file_of_five_schemas_loses_no_row_whatever_stands_in_the_columns_of_the_others(
    tmp_path: Path, name: str, empty: Callable[[str], object]
) -> None:
    rows = [row for each in zip(*map(five_schemas, range(20)), strict=True) for row in each]
    outcome = ingested(tmp_path, name, in_all_columns(rows, empty))
    assert outcome.rows["answer"].to_list() == [f"Hi {number}!" for number in range(20)] * 5


def test_a_csv_file_of_several_schemas_has_empty_cells_where_a_row_has_another_one(tmp_path: Path) -> None:
    rows = [five_schemas(number)[schema] for schema in (0, 3, 4) for number in range(20)]
    pl.DataFrame(in_all_columns(rows, lambda _: "")).write_csv(tmp_path / "rows.csv")
    (shard,) = plan_shards(Source(name="s", paths=("rows.csv",)), tmp_path)
    assert ingest(shard).rows["answer"].to_list() == [f"Hi {number}!" for number in range(20)] * 3


def test_of_two_columns_for_one_field_the_one_counts_that_says_something(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"instruction": "Say hi.", "output": "", "response": "Hi!"},
        {"instruction": "Say ho.", "output": "Ho!", "response": " "},
        {"instruction": "Say no.", "output": None, "response": ""},
    ]
    outcome = ingested(tmp_path, "jsonl", rows)
    assert outcome.rows["answer"].to_list() == ["Hi!", "Ho!"]
    assert outcome.verdicts["reason"].to_list() == [None, None, "no_answer"]


def test_where_the_schema_is_named_it_is_the_only_one(tmp_path: Path) -> None:
    outcome = ingested(tmp_path, "jsonl", [*ALPACA, {"messages": TALK}], schema="alpaca")
    assert outcome.verdicts["reason"].to_list() == [None] * 100 + ["unknown_schema"]


def test_a_file_that_begins_with_broken_lines_is_read(tmp_path: Path) -> None:
    lines = ["{broken"] * 100 + [json.dumps(row) for row in ALPACA]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines))
    (shard,) = plan_shards(Source(name="s", paths=("rows.jsonl",)), tmp_path)
    outcome = ingest(shard)
    assert outcome.verdicts["reason"].to_list() == ["invalid_json"] * 100 + [None] * 100


@pytest.mark.parametrize("name", WRITE)
def test_a_file_that_would_lose_too_much_stops_the_run_with_its_reason_and_a_row(tmp_path: Path, name: str) -> None:
    silent = [{**row, "output": ""} for row in ALPACA[:60]]
    with pytest.raises(SourceError) as error:
        ingested(tmp_path, name, [*ALPACA[60:], *silent])
    assert str(error.value).startswith(
        f"{tmp_path}/rows.{name}: 60 of the 100 rows that were looked at would be lost, which is more than the share "
        "of 0.5 that the source allows; the most frequent reason is no_answer (60 rows), as in row 41: `output` is "
    )
    assert "`max_lost_share`" in str(error.value)
    outcome = ingested(tmp_path, name, [*ALPACA[60:], *silent], max_lost_share=0.6)
    assert outcome.rows.height == 40


def test_rows_that_the_source_does_not_want_are_not_lost(tmp_path: Path) -> None:
    rows = [{**row, "input": "Of these.", "system": "Be kind."} for row in ALPACA]
    for keys in ({"max_input_characters": 0}, {"system": "drop_row"}):
        assert ingested(tmp_path, "jsonl", rows, **keys).rows.is_empty()


def test_a_small_file_may_lose_all_of_its_rows(tmp_path: Path) -> None:
    assert ingested(tmp_path, "jsonl", [{**row, "output": ""} for row in ALPACA[:19]]).rows.is_empty()


@pytest.mark.parametrize("name", WRITE)
def test_the_whole_of_a_file_is_looked_at_not_its_head_alone(tmp_path: Path, name: str) -> None:
    rows: list[Row] = [{**row, "output": None} for row in ALPACA] + [{"question": "Who?", "answer": "Me."}] * 900
    assert ingested(tmp_path, name, rows).rows.height == 900


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"instruction": None, "input": "Where do bats sleep?", "output": "In caves."}, None),
        ({"instruction": None, "input": "The harbor lies still.", "output": "Der Hafen liegt still."}, "no_prompt"),
        ({"instruction": None, "context": "The harbor lies still.", "response": "So it does."}, "no_prompt"),
        ({"instruction": "", "context": "Is the harbor still?", "response": "It is."}, "no_prompt"),
    ],
)
def test_a_row_is_no_pair_of_columns_that_may_hold_anything_unless_it_asks(
    tmp_path: Path, odd: Row, reason: str | None
) -> None:
    outcome = ingested(tmp_path, "jsonl", [*ALPACA[:20], odd])
    assert outcome.verdicts["reason"].to_list() == [*[None] * 20, reason]
