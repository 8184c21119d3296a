from __future__ import annotations

import pytest
from pydantic import ValidationError

from sayso.filters.judging import first_reason
from sayso.filters.spoken_length import SpokenLength
from tests.filters.rows import rows_of


def test_measures_what_will_be_said_not_what_is_written() -> None:
    verdict = first_reason(rows_of(["It costs $4.50."]), [SpokenLength()]).row(0, named=True)
    assert verdict["spoken_length.characters"] == len("It costs four dollars and fifty cents.")
    assert verdict["spoken_length.words"] == 7
    assert verdict["spoken_length.seconds"] == pytest.approx(38 / 15, abs=1e-4)


def test_bytes_are_counted_in_utf8() -> None:
    assert first_reason(rows_of(["Où est le café?"]), [SpokenLength()])["spoken_length.bytes"].item() == 17


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"max_seconds": 1.0}, "too_many_seconds"),
        ({"max_words": 3}, "too_many_words"),
        ({"max_bytes": 10}, "too_many_bytes"),
        ({}, None),
    ],
)
def test_each_limit_has_its_reason(limits: dict[str, float], reason: str | None) -> None:
    assert first_reason(rows_of(["Name three red fruits."]), [SpokenLength(**limits)])["reason"].item() == reason


def test_a_misspelt_threshold_is_refused() -> None:
    with pytest.raises(ValidationError, match="max_second\n"):
        SpokenLength(max_second=3)  # type: ignore[call-arg]
