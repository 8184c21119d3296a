from __future__ import annotations

import pytest
from pydantic import ValidationError

from sayso.filters.judging import first_reason
from sayso.filters.written_length import WrittenLength
from tests.filters.rows import rows_of


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"min_words": 5}, "too_short"),
        ({"min_characters": 40}, "too_short"),
        ({"max_characters": 20}, "too_many_characters"),
        ({}, None),
    ],
)
def test_each_limit_has_its_reason(limits: dict[str, int], reason: str | None) -> None:
    assert first_reason(rows_of(["Name three red fruits."]), [WrittenLength(**limits)])["reason"].item() == reason


def test_blanks_around_the_prompt_do_not_count() -> None:
    verdict = first_reason(rows_of(["  \n Who are you?  "]), [WrittenLength()]).row(0, named=True)
    assert (verdict["written_length.characters"], verdict["written_length.first_words"]) == (12, 3)


def test_more_words_than_are_counted_cannot_be_asked_for() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 10"):
        WrittenLength(min_words=11)


@pytest.mark.parametrize("prompt", ["请介绍一下你自己", "日本の首都はどこですか", "ສະບາຍດີບໍ", "តើអ្នកសុខសប្បាយទេ"])
def test_scripts_without_blanks_count_a_character_as_a_word(prompt: str) -> None:
    assert first_reason(rows_of([prompt]), [WrittenLength()])["reason"].item() is None
