"""Titles, streets, days, marks."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "streets": [
        ("He lives on Oak St. He likes it.", "He lives on Oak Street. He likes it."),
        ("Where is St. Paul's St.?", "Where is Saint Paul's Street?"),
        ("At 12 N. Oak Rd.", "At twelve North Oak Road."),
        ("Elm Dr. near Dr. Lee.", "Elm Drive near Doctor Lee."),
    ],
    "days": [
        ("Are you free on Thurs.?", "Are you free on Thursday?"),
        ("See the sun. It rose.", "See the sun. It rose."),
        ("On Sat., we rest.", "On Saturday, we rest."),
        ("Open Mon-Fri.", "Open Monday to Friday."),
    ],
    "marks": [
        ("I got an A- in it.", "I got an A minus in it."),
        ("What does #hashtag mean?", "What does hashtag mean?"),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
