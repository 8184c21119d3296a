"""Numbers that name what they stand beside."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "places": [
        ("Where is Room 101?", "Where is Room one oh one?"),
        ("Take Route 128 north.", "Take Route one twenty-eight north."),
        ("It is in suite 1210.", "It is in suite twelve ten."),
        ("Buy 101 roses.", "Buy one hundred one roses."),
        ("It has room 5.", "It has room five."),
    ],
    "machines": [
        ("What is a Boeing 747-400?", "What is a Boeing seven forty-seven four hundred?"),
        ("What is an Airbus A380?", "What is an Airbus A three eighty?"),
        ("What is an RTX 3090?", "What is an RTX thirty ninety?"),
        ("A BMW 320i.", "A BMW three twenty I."),
        ("What is Form 1040?", "What is Form ten forty?"),
        ("On port 8080.", "On port eighty eighty."),
    ],
    "flights": [
        ("Is flight BA2490 late?", "Is flight B A two four nine zero late?"),
        ("Is flight UA 123 late?", "Is flight UA one twenty-three late?"),
        ("Flight 370 is lost.", "Flight three seventy is lost."),
    ],
    "screens": [
        ("A 1920x1080 screen.", "A nineteen twenty by ten eighty screen."),
        ("A 720p video.", "A seven twenty P video."),
        ("What is 1920x1085?", "What is one thousand nine hundred twenty times one thousand eighty-five?"),
    ],
    "versions": [
        ("Is v2.3 out?", "Is version two point three out?"),
        ("What is Python 3.10?", "What is Python three point ten?"),
        ("Pi is 3.10 here.", "Pi is three point one zero here."),
    ],
    "formulas": [
        ("What is CO2?", "What is C O two?"),
        ("What is H2SO4?", "What is H two S O four?"),
        ("What is NaHCO3?", "What is N A H C O three?"),
        ("Take vitamin B12.", "Take vitamin B twelve."),
    ],
    "houses": [
        ("Is 221B Baker Street real?", "Is two twenty-one B Baker Street real?"),
        ("At 1600 Pennsylvania Ave.", "At sixteen hundred Pennsylvania Avenue."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
