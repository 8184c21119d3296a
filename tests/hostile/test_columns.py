"""A Parquet column of any type, with the values at its ends: read, dropped row by row, or refused in a sentence."""

from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sayso.stages.ingest.ingest import Source, ingest, plan_shards
from sayso.stages.sources.stores import SourceError

DAYS = pa.array([0, 2**31 - 1, -(2**31)], pa.int32())
READ = {
    "int64": (pa.array([7, 2**63 - 1, -(2**63)]), ["7", "9223372036854775807", "-9223372036854775808"]),
    "uint64": (pa.array([2**64 - 1, None, 0], pa.uint64()), ["18446744073709551615", "0"]),
    "double": (pa.array([1.5, float("nan"), float("inf")]), ["1.5"]),
    "half float": (pa.array([1.0, None, 2.0]).cast(pa.float16()), ["1", "2"]),
    "date": (DAYS.cast(pa.date32()), ["1970-01-01"]),
    "date of milliseconds": (pa.array([0, None, 86_400_000], pa.date64()), ["1970-01-01", "1970-01-02"]),
    "time stamp": (pa.array([0, 2**62, -(2**62)], pa.timestamp("us")), ["1970-01-01"]),
    "time stamp of a zone": (pa.array([0, None, None], pa.timestamp("ms", "UTC")), ["1970-01-01"]),
    "time": (pa.array([0, 1_000_000, None], pa.time64("us")), ["00:00:00", "00:00:01"]),
    "decimal": (pa.array([Decimal("1.5"), None, None], pa.decimal128(38, 3)), ["1.500"]),
    "large decimal": (pa.array([Decimal("1.5"), None, None], pa.decimal256(70, 3)), ["1.500"]),
    "dictionary": (pa.array(["a", None, "b"]).dictionary_encode(), ["a", "b"]),
    "large string": (pa.array(["a", None, "b"], pa.large_string()), ["a", "b"]),
    "view of strings": (pa.array(["a", None, "b"], pa.string_view()), ["a", "b"]),
    "bytes": (pa.array([b"a", b"\xff", "é".encode()]), ["a", "é"]),
    "bytes of one length": (pa.array([b"ab", None, b"cd"], pa.binary(2)), ["ab", "cd"]),
    "truth": (pa.array([True, None, False]), ["Yes", "No"]),
    "list": (pa.array([["a"], [], None]), ["a"]),
    "JSON": (pa.ExtensionArray.from_storage(pa.json_(pa.string()), pa.array(["12", None, "7"])), ["12", "7"]),
    "nothing": (pa.nulls(3), []),
    "duration": (pa.array([1, 2, None], pa.duration("s")), []),
}
REFUSED = {
    "struct": pa.array([{"a": 1}, None, {"a": 2}]),
    "map": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int64())),
}


def read(folder, column):
    table = pa.table({"question": pa.array(["What is it?"] * len(column)), "answer": column})
    pq.write_table(table, folder / "a.parquet")
    (shard,) = plan_shards(Source(name="a", paths=("a.parquet",)), folder)
    return ingest(shard)


@pytest.mark.parametrize(("column", "answers"), READ.values(), ids=READ)
def test_a_column_that_can_be_text_is_read_and_each_other_row_has_a_reason(tmp_path, column, answers):
    outcome = read(tmp_path, column)
    assert outcome.rows["answer"].to_list() == answers
    assert outcome.verdicts.height == len(column)
    assert outcome.verdicts["reason"].null_count() == len(answers)


@pytest.mark.parametrize("column", REFUSED.values(), ids=REFUSED)
def test_a_column_that_is_no_text_is_refused_with_the_name_of_the_file(tmp_path, column):
    with pytest.raises(SourceError, match=r"a\.parquet: .*answer"):
        read(tmp_path, column)
