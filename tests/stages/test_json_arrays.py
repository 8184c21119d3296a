"""JSON documents of rows: broken elements cost themselves where their bounds are certain, else the file is refused."""

import json

import pytest

from stages.files import SourceError
from stages.json_arrays import Broken, load_rows

ROWS = [{"instruction": f"Name {i} {{birds}}.", "output": f"Here [are]: {i}", "more": {"n": i}} for i in range(5)]
PRETTY = json.dumps(ROWS, indent=2).encode()
ONE_A_LINE = ("[" + ",\n".join(json.dumps(row) for row in ROWS) + "]\n").encode()


def load(data: bytes) -> list[object]:
    return load_rows("rows.json", data)


def test_an_array_or_an_object_with_one_list_of_rows() -> None:
    assert load(PRETTY) == ROWS
    assert load(b"\xef\xbb\xbf" + ONE_A_LINE) == ROWS
    assert load(json.dumps({"version": 2, "tags": ["a"], "data": ROWS}).encode()) == ROWS


@pytest.mark.parametrize("document", [{"a": ROWS, "b": ROWS}, {"a": 1}, "text", 3])
def test_a_document_without_one_list_of_rows_is_refused(document: object) -> None:
    with pytest.raises(SourceError, match=r"rows\.json: a JSON file must hold one array of rows"):
        load(json.dumps(document).encode())


@pytest.mark.parametrize("data", [PRETTY, ONE_A_LINE])
@pytest.mark.parametrize(
    ("found", "broken", "reason"),
    [
        (b'"output": "Here [are]: 2"', b'"output": "Here [are]: 2', "invalid_json"),
        (b'"output": "Here [are]: 2"', b'"output": oops', "invalid_json"),
        (b'"output": "Here [are]: 2"', b'"output": "\xff\xfe"', "invalid_utf8"),
    ],
)
def test_one_broken_line_costs_one_row(data: bytes, found: bytes, broken: bytes, reason: str) -> None:
    rows = load(data.replace(found, broken))
    assert [row for row in rows if not isinstance(row, Broken)] == ROWS[:2] + ROWS[3:]
    assert isinstance(rows[2], Broken)
    assert rows[2].reason == reason


def test_where_the_bounds_are_not_certain_the_error_names_line_and_column() -> None:
    minified = json.dumps(ROWS).encode()
    opening_lost = PRETTY.replace(b'  {\n    "instruction": "Name 2', b'  (\n    "instruction": "Name 2')
    for data in (minified.replace(b'"Here [are]: 2"', b"oops"), opening_lost, PRETTY[:-40], b""):
        with pytest.raises(SourceError, match=r"rows\.json: not JSON at line \d+, column \d+"):
            load(data)
    with pytest.raises(SourceError, match=r"not UTF-8 at line 1, column 13"):
        load(b'[{"a": "1"},\xff]')


def test_an_element_that_is_no_object_is_not_taken_together_with_the_one_before_it() -> None:
    with pytest.raises(SourceError, match="not JSON at line 5"):
        load(b'[\n{"a": 1},\nnull,\n{"a": 2},\n{"a": },\n{"a": 3},\n{"a": 4}\n]')
