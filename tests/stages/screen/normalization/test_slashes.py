"""Words and letters with a slash."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "letters": [
        ("Try A/C or I/O.", "Try A C or I O."),
        ("Is it n/a?", "Is it not applicable?"),
        ("Write c/o Ann.", "Write care of Ann."),
    ],
    "rates": [
        ("Is 9 breaths/minute slow?", "Is nine breaths per minute slow?"),
        ("5 days/week.", "five days per week."),
        ("In miles/hour.", "In miles per hour."),
    ],
    "alternatives": [
        ("Read/write access.", "Read or write access."),
        ("For cats/dogs.", "For cats or dogs."),
        ("Is it either/or?", "Is it either or?"),
    ],
    "words of a list": [
        ("Order these: sea/the/blue/is", "Order these: sea, the, blue, is"),
        ("Is it in usr/lib?", "Is it in usr or lib?"),
    ],
    "compounds": [
        ("A client/server model.", "A client server model."),
        ("A win/win deal.", "A win win deal."),
        ("Is HTTP/2 fast?", "Is HTTP two fast?"),
    ],
    "squares": [
        ("It is 5 people/km².", "It is five people per square kilometer."),
    ],
    "small letters": [
        ("An a/c unit.", "An A C unit."),
        ("Simplify a/b.", "Simplify a divided by b."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
