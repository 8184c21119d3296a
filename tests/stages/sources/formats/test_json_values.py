"""One JSON value: what is read although it is not quite JSON, and what is said of the rest."""

import pytest

from sayso.stages.sources.formats.json_values import Broken, PartlyBroken, parse


def test_what_programs_write_for_no_number_is_null() -> None:
    assert parse(b'{"score": NaN, "least": -Infinity, "a": "NaN"}') == {"score": None, "least": None, "a": "NaN"}


@pytest.mark.parametrize("data", [rb'{"a": NaN, b: "\ud800"}', b'{"a": NaN, "b": ' + b"[" * 9_999, b'{"a": NaN,}'])
def test_no_number_makes_nothing_else_of_what_is_broken(data: bytes) -> None:
    value = parse(data)
    assert isinstance(value, Broken)
    assert value.reason == "invalid_json"


def test_a_field_whose_text_has_no_encoding_is_a_fault_to_who_reads_it() -> None:
    value = parse(rb'{"a": NaN, "b": "\ud800", "c": "c"}')
    assert isinstance(value, PartlyBroken)
    assert value.read_by(["a", "c"]) is value
    assert (value["a"], value["c"]) == (None, "c")
    fault = value.read_by(["a", "b"])
    assert isinstance(fault, Broken)
    assert fault.reason == "invalid_json"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{'a': 'b'}", "with single quotes: write the rows with json.dumps"),
        (b'{"a": "b",}', "a comma stands before the closing bracket: take it out"),
        (b'{"a": ["b", ]}', "a comma stands before the closing bracket: take it out"),
        (b'{"a": "b"},', "a comma follows the row: take it out"),
    ],
)
def test_faults_that_are_often_met_are_told_with_what_to_do(data: bytes, said: str) -> None:
    value = parse(data)
    assert isinstance(value, Broken)
    assert said in value.detail
