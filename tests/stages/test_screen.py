"""Screening adds what later stages need: the spoken text, the language, and a hash for exact duplicates."""

import polars as pl
import pytest

from filters.length import Length
from filters.speakable import Speakable
from stages.screen import Screen, screen


def rows(*prompts):
    return pl.DataFrame(
        {
            "id": [f"{15 - n:032x}" for n in range(len(prompts))],
            "source": ["facts"] * len(prompts),
            "position": [f"facts.jsonl:{n + 1}" for n in range(len(prompts))],
            "prompt": list(prompts),
            "answer": ["There is an answer to this."] * len(prompts),
        }
    )


def test_a_kept_row_has_its_spoken_text_and_language():
    outcome = screen(rows("What did Dr. Smith pay for 3 kg of flour?"), Screen())
    row = outcome.rows.row(0, named=True)
    assert row["spoken"] == "What did Doctor Smith pay for three kilograms of flour?"
    assert row["language"] == "en"
    assert "unsaid" not in outcome.rows.columns


def test_rows_go_on_sorted_by_id_and_every_row_has_a_verdict():
    prompts = ["Name a fruit that grows on trees.", "See https://example.com/fruit now.", "Name a fruit of the forest."]
    outcome = screen(rows(*prompts), Screen())
    assert outcome.rows["id"].is_sorted()
    assert outcome.verdicts.select("position", "filter", "reason").rows() == [
        ("facts.jsonl:1", None, None),
        ("facts.jsonl:2", "speakable", "url"),
        ("facts.jsonl:3", None, None),
    ]


@pytest.mark.parametrize(("features", "measured"), [("survivors", False), ("all", True)])
def test_a_dropped_row_is_measured_further_only_if_all_features_are_wanted(features, measured):
    config = Screen(filters=(Length(max_words=3), Speakable()), features=features)
    outcome = screen(rows("Please name five fruits that grow on trees."), config)
    assert outcome.verdicts["reason"].to_list() == ["too_many_words"]
    assert outcome.verdicts["speakable.url"].is_not_null().to_list() == [measured]


def test_without_a_language_filter_the_language_is_not_known():
    outcome = screen(rows("Name a fruit that grows on trees."), Screen(filters=(Length(),)))
    assert outcome.rows["language"].to_list() == [None]
