"""Texts that give somebody away, and harmless ones that look like them, in the prompt and in the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sayso.filters.judging import first_reason
from sayso.filters.privacy import Privacy
from tests.filters.rows import rows_of

TEXTS = yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8"))


def reasons(texts: list[str]) -> list[str | None]:
    in_prompts = first_reason(rows_of(texts), [Privacy()])["reason"].to_list()
    in_answers = first_reason(rows_of(["Who?"] * len(texts), texts), [Privacy()])["reason"].to_list()
    assert in_prompts == in_answers
    return in_prompts


@pytest.mark.parametrize("kind", TEXTS["personal"])
def test_what_gives_somebody_away_goes(kind: str) -> None:
    texts = TEXTS["personal"][kind]
    assert [text for text, reason in zip(texts, reasons(texts), strict=True) if reason != kind] == []


@pytest.mark.parametrize("kind", TEXTS["harmless"])
def test_what_only_looks_like_it_stays(kind: str) -> None:
    texts = TEXTS["harmless"][kind]
    assert [(text, reason) for text, reason in zip(texts, reasons(texts), strict=True) if reason] == []
