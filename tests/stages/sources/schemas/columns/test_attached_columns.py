"""Columns that belong to what is asked: a row is dropped where one holds something that nobody reads."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sayso.manifests.verdicts import Outcome
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError

Row = dict[str, object]
TALK = [{"role": "user", "content": "Name a bird of the wood."}, {"role": "assistant", "content": "The wren."}]
OF_EACH_SCHEMA: dict[str, Row] = {
    "alpaca": {"instruction": "Name a bird.", "output": "The wren."},
    "question_answer": {"question": "Name a bird.", "answer": "The wren."},
    "prompt_completion": {"prompt": "Name a bird.", "completion": "The wren."},
    "messages": {"messages": TALK},
    "preference": {"prompt": "Name a bird.", "chosen": "The wren.", "rejected": "The cat."},
}
WRITE: dict[str, Callable[[Path, list[Row]], object]] = {
    "jsonl": lambda path, rows: path.write_text("\n".join(map(json.dumps, rows))),
    "parquet": lambda path, rows: pl.DataFrame(rows, infer_schema_length=None).write_parquet(path, row_group_size=2),
}


def ingested(folder: Path, name: str, rows: list[Row], **keys: object) -> Outcome:
    WRITE[name](folder / f"rows.{name}", rows)
    return read(folder, f"rows.{name}", **keys)


def read(folder: Path, name: str, **keys: object) -> Outcome:
    source = Source.model_validate({"name": "s", "paths": [name], **keys})
    (shard,) = plan_shards(source, folder)
    return ingest(shard)


@pytest.mark.parametrize("name", WRITE)
@pytest.mark.parametrize("schema", OF_EACH_SCHEMA)
def test_a_row_with_something_in_an_unread_column_is_dropped_with_its_name(
    tmp_path: Path, name: str, schema: str
) -> None:
    whole = OF_EACH_SCHEMA[schema]
    rows = [{**whole, "Image Path": value} for value in (None, "", "nan", "a.png")]
    outcome = ingested(tmp_path, name, rows)
    assert outcome.verdicts["reason"].to_list() == [None, None, None, "unread_column"]
    assert outcome.verdicts["detail"][3] == (
        f"the column Image Path holds something, and the schema {schema} does not read it"
    )


@pytest.mark.parametrize("name", WRITE)
def test_lists_and_objects_that_hold_nothing_cost_nothing(tmp_path: Path, name: str) -> None:
    whole = OF_EACH_SCHEMA["messages"]
    values = [[], [""], None, ["A", "B"]]
    outcome = ingested(tmp_path, name, [{**whole, "documents": value} for value in values])
    assert outcome.verdicts["reason"].to_list() == [None, None, None, "unread_column"]


@pytest.mark.parametrize("name", WRITE)
def test_what_the_messages_say_is_read_wherever_it_is_from(tmp_path: Path, name: str) -> None:
    rows: list[Row] = [{"messages": TALK, "input": text} for text in (" bird of the wood ", "bird of the sea")]
    assert ingested(tmp_path, name, rows).verdicts["reason"].to_list() == [None, "unread_column"]


@pytest.mark.parametrize("name", WRITE)
def test_a_source_may_say_that_a_column_changes_nothing(tmp_path: Path, name: str) -> None:
    rows: list[Row] = [{"messages": TALK, "context": "support"}] * 3
    assert ingested(tmp_path, name, rows).rows.is_empty()
    assert ingested(tmp_path, name, rows, ignored_columns=["context"]).rows.height == 3


def test_a_column_that_first_comes_late_in_a_file_is_seen(tmp_path: Path) -> None:
    whole = OF_EACH_SCHEMA["question_answer"]
    outcome = ingested(tmp_path, "jsonl", [whole] * 300 + [{**whole, "audio": "a.wav"}] + [whole])
    assert outcome.verdicts["reason"].drop_nulls().to_list() == ["unread_column"]
    assert outcome.verdicts["reason"][300] == "unread_column"


def test_a_file_of_questions_about_pictures_stops_the_run(tmp_path: Path) -> None:
    rows = [{**OF_EACH_SCHEMA["question_answer"], "image": f"{number}.png"} for number in range(30)]
    with pytest.raises(SourceError, match=r"unread_column \(30 rows\), as in row 1: the column image holds something"):
        ingested(tmp_path, "jsonl", rows)


IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
STORED = {
    "a picture": pa.array([{"bytes": b"x", "path": None}, None, {"bytes": b"x", "path": "a.png"}], IMAGE),
    "a list of pictures": pa.array([[{"bytes": b"x", "path": None}], [], [{"bytes": b"y"}] * 2], pa.list_(IMAGE)),
    "bytes": pa.array([b"x", None, b"y"]),
}


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("row_group", [1, 2, 3])
@pytest.mark.parametrize("kind", STORED)
def test_of_stored_pictures_only_whether_there_is_one_counts(
    tmp_path: Path, kind: str, row_group: int, suffix: str
) -> None:
    table = pa.table({"question": ["Who?"] * 3, "answer": ["The wren."] * 3, "images": STORED[kind]})
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=row_group)
    if suffix:
        (tmp_path / "rows.parquet.gz").write_bytes(gzip.compress((tmp_path / "rows.parquet").read_bytes()))
    reasons = read(tmp_path, f"rows.parquet{suffix}").verdicts["reason"].to_list()
    assert reasons == ["unread_column", None, "unread_column"]


def test_pictures_are_not_unpacked_to_see_that_they_are_there(tmp_path: Path) -> None:
    pictures = pa.array([{"bytes": bytes(1 << 20), "path": None}] * 30 + [None] * 31, IMAGE)
    table = pa.table({"question": ["Who?"] * 61, "answer": ["The wren."] * 61, "image": pictures})
    pq.write_table(table, tmp_path / "rows.parquet", use_dictionary=False)
    limits = {"row_bytes": 1 << 16, "shard_bytes": 1 << 20, "block_bytes": 1 << 20}
    assert read(tmp_path, "rows.parquet", limits=limits).rows.height == 31


@pytest.mark.parametrize("name", WRITE)
def test_a_row_with_choices_among_plain_questions_is_read_by_the_schema_that_reads_them(
    tmp_path: Path, name: str
) -> None:
    whole = OF_EACH_SCHEMA["question_answer"]
    chosen: Row = {"question": "Which of these sings?", "answer": "B", "choices": ["The cat", "The wren"]}
    outcome = ingested(tmp_path, name, [{**whole, "choices": None}, chosen, {**whole, "choices": ["The wren"]}])
    assert outcome.rows["answer"].to_list() == ["The wren.", "The wren"]
    assert outcome.verdicts["reason"].to_list() == [None, None, "unread_column"]
    assert outcome.rows["prompt"][1] == "Which of these sings?\nThe cat\nThe wren"


def test_of_two_columns_of_one_field_the_second_is_not_lost_in_silence(tmp_path: Path) -> None:
    whole: Row = {"instruction": "Sum it up.", "output": "Bats fly.", "input": "A text on bats."}
    rows = [{**whole, "context": "Bats are mammals."}, {**whole, "context": "A text on bats."}, whole]
    assert ingested(tmp_path, "jsonl", rows).verdicts["reason"].to_list() == ["unread_column", None, None]
