"""JSON documents of rows: broken elements cost themselves where their bounds are certain, else the file is refused."""

import json
from pathlib import Path

import pytest

from sayso.stages.sources.files import File, SourceError
from sayso.stages.sources.formats.json_values import Broken, PartlyBroken
from sayso.stages.sources.formats.readers import chunks_of, values_of
from sayso.stages.sources.formats.row_ranges import range_of
from sayso.stages.sources.limits import Limits

ROWS = [{"instruction": f"Name {i} {{birds}}.", "output": f"Here [are]: {i}", "more": {"n": i}} for i in range(5)]
PRETTY = json.dumps(ROWS, indent=2).encode()
ONE_A_LINE = ("[" + ",\n".join(json.dumps(row) for row in ROWS) + "]\n").encode()
MINIFIED = json.dumps(ROWS).encode()


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(data: bytes) -> list[object]:
    """The rows of a document as a run that needs all of their fields reads them, each of its chunks by itself."""
    Path("rows.json").write_bytes(data)
    file = File("rows.json", "rows.json", "json", "none", len(data), "")
    parts = [values_of(file, range_of(chunk, chunk.rows, 0)) for chunk in chunks_of(file, (), None)]
    numbered = [row for part in parts for row in part]
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    return [value.read_by(value) if isinstance(value, PartlyBroken) else value for _, value in numbered]


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


@pytest.mark.parametrize(
    "document", [MINIFIED, b'{"version": 2, "tags": ["a"], "data": ' + MINIFIED + b', "by": "us"}']
)
@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (rb'"half of a pair: \ud800"', "invalid_json"),
        (b'"\xff"', "invalid_utf8"),
        (b'"two\nlines"', "invalid_json"),
        (b"oops", "invalid_json"),
        (b'"], [{\\"", 3 4', "invalid_json"),
        (b"[" * 5_000 + b"]" * 5_000, "invalid_json"),
    ],
)
def test_a_broken_element_costs_itself_where_all_are_in_one_line(document: bytes, broken: bytes, reason: str) -> None:
    rows = load(document.replace(b'"Here [are]: 2"', broken))
    assert [row for row in rows if not isinstance(row, Broken)] == ROWS[:2] + ROWS[3:]
    assert isinstance(rows[2], Broken)
    assert rows[2].reason == reason


def test_two_elements_on_a_line_that_should_have_been_two_are_two() -> None:
    rows = load(ONE_A_LINE.replace(b',\n{"instruction": "Name 2', b',\x0b{"instruction": "Name 2'))
    assert [row for row in rows if not isinstance(row, Broken)] == ROWS[:2] + ROWS[3:]
    assert len(rows) == len(ROWS)


def test_text_that_no_encoding_has_may_be_in_every_element() -> None:
    rows = load(rb'[{"a": "\ud800"}, {"a": "\udfff"}]')
    assert [row.reason for row in rows if isinstance(row, Broken)] == ["invalid_json"] * 2


def test_a_comma_after_the_last_element_is_no_element() -> None:
    assert load(MINIFIED[:-1] + b", ]") == ROWS


def test_elements_that_a_broken_one_swallows_are_not_lost_silently() -> None:
    swallowed = MINIFIED.replace(b'Here [are]: 1"', b"Here [are]: 1").replace(b'"Here [are]: 3"', b"Here [are]: 3")
    for data in (swallowed, MINIFIED.replace(b'"Here [are]: 2"', b'"Here'), MINIFIED[:-1] + b', {"a": [}]'):
        with pytest.raises(SourceError, match=r"rows\.json: not JSON at line 1, column \d+"):
            load(data)


def test_where_the_bounds_are_not_certain_the_error_names_line_and_column() -> None:
    opening_lost = PRETTY.replace(b'  {\n    "instruction": "Name 2', b'  (\n    "instruction": "Name 2')
    for data in (opening_lost, PRETTY[:-40], b"[", MINIFIED + b" {}"):
        with pytest.raises(SourceError, match=r"rows\.json: not JSON at line \d+, column \d+"):
            load(data)
    with pytest.raises(SourceError, match=r"rows\.json: the file is empty"):
        load(b"")
    with pytest.raises(SourceError, match=r"not UTF-8 at line 1, column 13"):
        load(b'[{"a": "1"},\xff]')


def test_an_element_that_is_no_object_is_not_taken_together_with_the_one_before_it() -> None:
    rows = load(b'[\n{"a": 1},\nnull,\n{"a": 2},\n{"a": },\n{"a": 3},\n{"a": 4}\n]')
    assert [row for row in rows if not isinstance(row, Broken)] == [{"a": 1}, None, {"a": 2}, {"a": 3}, {"a": 4}]
    assert isinstance(rows[3], Broken)


@pytest.mark.parametrize("block", [1, 7, 64])
@pytest.mark.parametrize(
    "data", [PRETTY, ONE_A_LINE, MINIFIED, b'{"a": {"x": [1]}, "data": ' + MINIFIED + b', "z": "["}']
)
def test_a_document_is_read_in_blocks_of_any_size_each_part_of_it_alone(
    data: bytes, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("json_documents", "json_elements", "json_survey"):
        monkeypatch.setattr(f"sayso.stages.sources.formats.{module}.BLOCK", block)
    assert load(data) == ROWS
    file = File("rows.json", "rows.json", "json", "none", len(data), "")
    chunks = chunks_of(file, (), None)
    if block < 64:
        assert len(chunks) == len(ROWS)
        # What stands before a part is not read again.
        Path("rows.json").write_bytes(b"?" * chunks[3].offset + data[chunks[3].offset :])
        assert [value for _, value in values_of(file, range_of(chunks[3], 2, 0))] == ROWS[3:]


def test_an_element_that_is_too_large_is_not_held_and_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sayso.stages.sources.formats.json_elements.BLOCK", 16)
    large = [*ROWS[:2], {"output": "x" * 900}, *ROWS[2:]]
    data = json.dumps(large).encode()
    Path("rows.json").write_bytes(data)
    file = File("rows.json", "rows.json", "json", "none", len(data), "", limits=Limits(row_bytes=200))
    (chunk,) = chunks_of(file, (), None)
    rows = [value for _, value in values_of(file, range_of(chunk, 6, 0))]
    assert rows[:2] + rows[3:] == ROWS
    assert isinstance(rows[2], Broken)
    assert (rows[2].reason, rows[2].detail[:17]) == ("row_too_large", "it has 914 bytes ")
    # A quote is missing: what looks like one large element are several.
    cut = data.replace(b'x"', b"x").replace(b'Here [are]: 3"', b"Here [are]: 3")
    Path("rows.json").write_bytes(cut)
    with pytest.raises(SourceError, match=r"rows\.json: not JSON at line 1"):
        chunks_of(file, (), None)
