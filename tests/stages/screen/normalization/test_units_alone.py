"""Units without a number."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "parts of megahertz": [
        ("Change MHz to kHz.", "Change megahertz to kilohertz."),
        ("How many kbps in a Mbps?", "How many kilobits per second in a megabit per second?"),
    ],
    "converted": [
        ("Convert oz to ml.", "Convert ounces to milliliters."),
        ("How do I turn oz into grams?", "How do I turn ounces into grams?"),
        ("How many mg are in a g?", "How many milligrams are in a gram?"),
    ],
    "rates": [
        ("The price per kW.", "The price per kilowatt."),
        ("It is $5 per kg.", "It is five dollars per kilogram."),
        ("How many km/h is it?", "How many kilometers per hour is it?"),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
