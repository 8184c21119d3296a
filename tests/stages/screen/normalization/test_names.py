"""Titles, streets, initials, marks."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "names that are months": [
        ("She is as old as Jan. Greg was older.", "She is as old as Jan. Greg was older."),
        ("Born Jan. 3rd.", "Born January third."),
    ],
    "streets": [
        ("He lives on Oak St. He likes it.", "He lives on Oak Street. He likes it."),
        ("Where is St. Paul's St.?", "Where is Saint Paul's Street?"),
        ("At 12 N. Oak Rd.", "At twelve North Oak Road."),
        ("Elm Dr. near Dr. Lee.", "Elm Drive near Doctor Lee."),
    ],
    "marks": [
        ("I got an A- in it.", "I got an A minus in it."),
        ("What does #hashtag mean?", "What does hashtag mean?"),
    ],
    "sides": [
        ("On E. 42nd St.", "On E. forty-second Street."),
        ("At 12 S 1st st.", "At twelve South first Street."),
    ],
    "blood": [
        ("My blood type is O-.", "My blood type is O negative."),
        ("Is A+ blood rare?", "Is A positive blood rare?"),
        ("I got an A+.", "I got an A plus."),
    ],
    "cases and letters": [
        ("What was Roe v. Wade?", "What was Roe versus Wade?"),
        ("At 10 p.m. e.s.t.", "At ten PM E S T."),
        ("In 340 A.D it fell.", "In three forty A D it fell."),
        ("Rep. Jones left.", "Representative Jones left."),
    ],
    "streets before a sentence": [
        ("My shop is on River Dr. Come by.", "My shop is on River Drive. Come by."),
    ],
    "blood without a word of it": [
        ("Is AB- rare?", "Is A B negative rare?"),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
