from __future__ import annotations

from sayso.filters.judging import first_reason
from sayso.filters.pronounceable import Pronounceable
from tests.filters.rows import rows_of
from tests.filters.test_language import FOREIGN


def test_what_has_no_word_is_kept_as_the_feature() -> None:
    verdict = first_reason(rows_of(["What is a ⌘ key?"]), [Pronounceable()]).row(0, named=True)
    assert (verdict["reason"], verdict["pronounceable.problem"]) == ("unpronounceable", "no word for ⌘")


def test_letters_of_another_script_are_kept_when_they_are_allowed() -> None:
    assert first_reason(rows_of([FOREIGN["ru"]]), [Pronounceable()])["reason"].item() == "foreign_script"
    assert first_reason(rows_of([FOREIGN["ru"]]), [Pronounceable(max_foreign_letters=500)])["reason"].item() is None


def test_it_looks_at_what_will_be_said_not_at_what_is_written() -> None:
    verdict = first_reason(rows_of(["What is the value of π?"]), [Pronounceable()]).row(0, named=True)
    assert (verdict["reason"], verdict["pronounceable.foreign_letters"]) == (None, 0)
