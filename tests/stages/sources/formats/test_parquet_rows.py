"""Parquet as people write it: only the columns that are asked for matter, and of those only the bad rows fall out."""

import base64
import datetime
import gzip
import io
from decimal import Decimal
from pathlib import Path

import datasets
import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from sayso.manifests.verdicts import Outcome
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.files import File
from sayso.stages.sources.formats.readers import read
from sayso.stages.sources.formats.row_ranges import RowRange
from sayso.stages.sources.listing import list_files
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError

TURN = pa.struct([("role", pa.string()), ("content", pa.string())])
TALK = [{"role": "user", "content": "Say hi."}, {"role": "assistant", "content": "Hi!"}]
BAD = pa.array([b"fine", b"bad \xff", b"fine"]).view(pa.string())
UNUSUAL = {
    "duration": pa.array([datetime.timedelta(seconds=1)] * 3),
    "dictionary": pa.array(["a", "b", None]).dictionary_encode(),
    "bad dictionary": pa.DictionaryArray.from_arrays(pa.array([0, 1, 2], pa.int32()), BAD),
    "large_string": pa.array(["a", "b", None], pa.large_string()),
    "string_view": pa.array(["a", "b", None], pa.string_view()),
    "bytes": pa.array([b"a", b"b", b"\xff"]),
    "list_view": pa.array([["a"], ["b"], []], pa.list_view(pa.string())),
    "large_list_view": pa.array([["a"], ["b"], []], pa.large_list_view(pa.string())),
    "list_view in a struct": pa.array([{"a": ["x"]}] * 3, pa.struct([("a", pa.list_view(pa.string()))])),
    "list of nothing": pa.array([[]] * 3, pa.list_(pa.float32(), 0)),
    "fixed list": pa.array([[1.0, 2.0]] * 3, pa.list_(pa.float32(), 2)),
    "decimal": pa.array([Decimal("1.50")] * 3),
    "decimal256": pa.array([Decimal("1" * 60)] * 3, pa.decimal256(70, 2)),
    "map": pa.array([[("a", "b")]] * 3, pa.map_(pa.string(), pa.string())),
    "half": pa.array(np.ones(3, np.float16)),
    "nothing": pa.nulls(3),
    "json": pa.array(['{"a": 1}'] * 3, pa.json_()),
    "uuid": pa.array([b"0123456789abcdef"] * 3, pa.uuid()),
    "opaque": pa.ExtensionArray.from_storage(pa.opaque(pa.string(), "x", "y"), pa.array(["a", "b", "c"])),
    "date": pa.array([datetime.date(2020, 1, 1)] * 3),
    "no date": pa.array([2**31 - 1, 1, 2], pa.int32()).cast(pa.date32()),
    "time zone": pa.array([0, 1, 2], pa.timestamp("us", "Europe/Berlin")),
    "no time zone": pa.array([0, 1, 2], pa.timestamp("us", "Nowhere/Land")),
    "bad text": BAD,
    "bad list": pa.ListArray.from_arrays([0, 1, 2, 3], BAD),
    "struct": pa.array([{"a": datetime.timedelta(seconds=1)}] * 3),
    "struct of two": pa.StructArray.from_arrays([pa.array([1, 2, 3])] * 2, names=["a", "a"]),
}
# What files of other writers say of a column, in Arrow's words, that no file of Arrow's own can hold.
TOLD = {
    "run-end encoded": (pa.array(["a", "b", "c"]), pa.run_end_encoded(pa.int32(), pa.string())),
    "month_day_nano_interval": (pa.array([b"0123456789ab"] * 3, pa.binary(12)), pa.month_day_nano_interval()),
    "union": (pa.array(["a", "b", "c"]), pa.dense_union([pa.field("a", pa.string())])),
    "json in bytes": (pa.array([b"a", b"\xff", b"c"]), pa.json_()),
}
# Written by DuckDB, with a column of the type INTERVAL.
INTERVAL = Path(__file__).parent / "interval.parquet"


def written(folder: Path, table: pa.Table, suffix: str = "") -> File:
    data = io.BytesIO()
    pyarrow.parquet.write_table(table, data)
    name = f"rows.parquet{suffix}"
    (folder / name).write_bytes(gzip.compress(data.getvalue()) if suffix else data.getvalue())
    (file,) = list_files([name], folder)
    return file


def ingested(folder: Path, suffix: str = "") -> Outcome:
    (shard,) = plan_shards(Source(name="s", paths=(f"rows.parquet{suffix}",)), folder)
    return ingest(shard)


def test_messages_with_a_field_that_is_always_null_are_read_as_datasets_writes_them(tmp_path: Path) -> None:
    rows = [{"messages": [{**turn, "tool_calls": None} for turn in TALK]}] * 3
    datasets.Dataset.from_list(rows).to_parquet(tmp_path / "rows.parquet")
    whole = (tmp_path / "rows.parquet").read_bytes()
    assert "tool_calls: null" in str(pyarrow.parquet.read_schema(tmp_path / "rows.parquet"))
    (tmp_path / "rows.parquet.gz").write_bytes(gzip.compress(whole))
    for suffix in ("", ".gz"):
        assert ingested(tmp_path, suffix).rows["messages"].to_list() == [TALK] * 3


@pytest.mark.parametrize("kind", UNUSUAL)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_column_that_nobody_needs_does_not_matter(
    tmp_path: Path, kind: str, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Plain files are read by Polars where it can, packed ones by Arrow."""
    table = pa.table({"question": ["a", "b", "c"], "answer": ["x", "y", "z"], "prompt": UNUSUAL[kind]})
    written(tmp_path, table, suffix)
    outcome = ingested(tmp_path, suffix)
    assert outcome.rows["answer"].to_list() == ["x", "y", "z"]
    assert not capfd.readouterr().err, "Polars was asked for what it panics at"


@pytest.mark.parametrize("kind", TOLD)
def test_what_a_file_says_of_a_column_that_nobody_needs_does_not_matter(tmp_path: Path, kind: str) -> None:
    stored, told = TOLD[kind]
    table = pa.table({"question": ["a", "b", "c"], "answer": ["x", "y", "z"], "prompt": stored})
    schema = table.schema.set(2, pa.field("prompt", told)).serialize().to_pybytes()
    table = table.replace_schema_metadata({"ARROW:schema": base64.b64encode(schema)})
    pyarrow.parquet.write_table(table, tmp_path / "rows.parquet", store_schema=False)
    assert ingested(tmp_path).rows["answer"].to_list() == ["x", "y", "z"]


def test_an_interval_that_nobody_needs_does_not_matter(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rows.parquet").write_bytes(INTERVAL.read_bytes())
    assert ingested(tmp_path).rows["answer"].to_list() == ["Because 1.", "Because 2.", "Because 3."]
    assert not capfd.readouterr().err, "Polars was asked for what it panics at"


NEEDED = {
    "dictionary": (["a", "b", None], [None, None, "`answer` is empty"]),
    "bad dictionary": (["fine", "fine"], [None, "bytes that are not UTF-8 in answer", None]),
    "large_string": (["a", "b", None], [None, None, "`answer` is empty"]),
    "string_view": (["a", "b", None], [None, None, "`answer` is empty"]),
    "bytes": (["a", "b"], [None, None, "bytes that are not UTF-8 in answer"]),
    "decimal": (["1.50"] * 3, [None] * 3),
    "half": (["1"] * 3, [None] * 3),
    "nothing": ([], ["`answer` is empty"] * 3),
    "json": (['{"a": 1}'] * 3, [None] * 3),
    "date": (["2020-01-01"] * 3, [None] * 3),
    "bad text": (["fine", "fine"], [None, "bytes that are not UTF-8 in answer", None]),
    "decimal256": (["1" * 60 + ".00"] * 3, [None] * 3),
    "no date": (["1970-01-02", "1970-01-03"], ["`answer` is empty", None, None]),
    "duration": ([], ["`answer` is a Duration(time_unit='us'), not text"] * 3),
}


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_column_that_is_needed_is_read_or_costs_the_rows_in_which_it_is_bad(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    written(tmp_path, pa.table({"question": ["a", "b", "c"], "answer": UNUSUAL[kind]}), suffix)
    answers, details = NEEDED[kind]
    outcome = ingested(tmp_path, suffix)
    assert outcome.rows["answer"].to_list() == [answer for answer in answers if answer is not None]
    assert outcome.verdicts["detail"].to_list() == details


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_bad_bytes_inside_a_conversation_cost_their_row_and_those_beside_what_is_read_none(
    tmp_path: Path, suffix: str
) -> None:
    turns = pa.StructArray.from_arrays(
        [
            pa.array(["user", "assistant"] * 3),
            pa.array([b"Say hi.", b"Hi!", b"Say \xff.", b"Hi!", b"Say hi.", b"Hi!"]).view(pa.string()),
            pa.array([b"\xff"] * 6).view(pa.string()),
        ],
        names=["role", "content", "id"],
    )
    written(tmp_path, pa.table({"messages": pa.ListArray.from_arrays([0, 2, 4, 6], turns)}), suffix)
    outcome = ingested(tmp_path, suffix)
    assert outcome.rows["messages"].to_list() == [TALK, TALK]
    assert outcome.verdicts["detail"].to_list() == [None, "bytes that are not UTF-8 in messages", None]


@pytest.mark.parametrize("kind", [pa.list_(TURN, 2), pa.large_list(TURN)])
def test_lists_of_any_kind_hold_conversations(tmp_path: Path, kind: pa.DataType) -> None:
    written(tmp_path, pa.table({"messages": pa.array([TALK] * 3, kind)}))
    assert ingested(tmp_path).rows["messages"].to_list() == [TALK] * 3


def test_a_column_of_a_type_that_cannot_be_read_is_named_with_what_was_said_of_it(tmp_path: Path) -> None:
    written(tmp_path, pa.table({"messages": pa.array([TALK] * 3, pa.list_view(TURN))}))
    with pytest.raises(SourceError, match=r"rows\.parquet: the column messages \(list_view.* still not supported"):
        ingested(tmp_path)


def test_two_columns_of_one_name_matter_where_that_name_is_read(tmp_path: Path) -> None:
    texts = pa.array(["a", "b"])
    written(tmp_path, pa.Table.from_arrays([texts] * 4, names=["question", "answer", "id", "id"]))
    assert ingested(tmp_path).rows["answer"].to_list() == ["a", "b"]
    written(tmp_path, pa.Table.from_arrays([texts] * 4, names=["question", "answer", "id", "answer"]))
    with pytest.raises(SourceError, match=r"rows\.parquet: 2 columns have the name answer; rename all but one"):
        ingested(tmp_path)


def test_a_broken_page_stops_only_who_reads_its_column(tmp_path: Path) -> None:
    columns = {name: [f"{name} {i} {'x' * 50}" for i in range(99)] for name in ("question", "answer", "id")}
    file = written(tmp_path, pa.table(columns))
    broken = pyarrow.parquet.read_metadata(file.path).row_group(0).column(2).data_page_offset
    data = bytearray(Path(file.path).read_bytes())
    data[broken : broken + 60] = bytes(60)
    Path(file.path).write_bytes(data)
    assert ingested(tmp_path).rows.height == 99
    with pytest.raises(SourceError, match=r"rows\.parquet: not a whole Parquet file \(the column id cannot be read, "):
        read([(file, RowRange(rows=99))], ["question", "id"])


def test_a_file_without_a_column_that_any_schema_has_is_refused_with_the_types_of_those_it_has(tmp_path: Path) -> None:
    written(tmp_path, pa.table({"id": [1, 2], "turns": [["What?"], ["Who?"]]}))
    with pytest.raises(SourceError, match=r"no schema fits the columns id \(int64\), turns \(list<element: string>\)"):
        ingested(tmp_path)


def test_a_column_whose_name_has_a_dot_is_itself(tmp_path: Path) -> None:
    file = written(tmp_path, pa.table({"a.b": ["x"], "a": [1], "c": UNUSUAL["bytes"][:1]}))
    for columns in (["a.b"], ["a.b", "c"]):
        (records,) = read([(file, RowRange(rows=1))], columns)
        assert records.rows["a.b"].to_list() == ["x"]
        assert "a" not in records.rows.columns


def test_whatever_byte_of_a_page_is_flipped_each_row_has_its_verdict(tmp_path: Path) -> None:
    """Of some of these files Polars does not say that they are broken, but panics."""
    table = pa.table({"messages": pa.array([TALK] * 40, pa.list_(TURN))})
    whole = io.BytesIO()
    pyarrow.parquet.write_table(table, whole, compression="none", row_group_size=10)
    pages = len(whole.getvalue()) - pyarrow.parquet.read_metadata(whole).serialized_size - 8
    source = Source(name="s", paths=("rows.parquet",), unreadable_files="drop", max_lost_share=1)
    for place in range(4, pages, 19):
        flipped = bytearray(whole.getvalue())
        flipped[place] ^= 1 << place % 8
        (tmp_path / "rows.parquet").write_bytes(flipped)
        (shard,) = plan_shards(source, tmp_path)
        assert ingest(shard).verdicts.height in (1, 40)
