"""Ranges, scores, ratios, chains, sizes."""

import pytest

from tests.stages.screen.normalization.pairs import spoken, why_unspoken

PAIRS = {
    "ranges": [
        ("Choose from 1-100.", "Choose from one to one hundred."),
        ("They pay 40k-50k.", "They pay forty to fifty thousand."),
        ("Is 2%-6% usual?", "Is two to six percent usual?"),
        ("From A-Z.", "From A to Z."),
    ],
    "scores and ratios": [
        ("We won 21-14.", "We won twenty-one to fourteen."),
        ("Mix them 1:4:9.", "Mix them one to four to nine."),
        ("At odds of 10:1.", "At odds of ten to one."),
        ("In a ratio of 10:17.", "In a ratio of ten to seventeen."),
    ],
    "chains": [
        ("A 45-45-90 triangle.", "A forty-five forty-five ninety triangle."),
    ],
    "sizes": [
        ("A 5x7 print.", "A five by seven print."),
        ("A 10 cm x 5 cm card.", "A ten by five centimeter card."),
        ("It is 3x faster.", "It is three times faster."),
    ],
    "multipliers": [
        ("Play it at x2 speed.", "Play it at two times speed."),
        ("Zoom in x10.", "Zoom in ten times."),
        ("What is x2 here?", "What is x two here?"),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    "written", ["Decode 18-5-1-12-9-20.", "What is 31/31/100?", "At 2022-09-24T00:00:00 it began."]
)
def test_what_cannot_be_told_apart_is_left_unsaid(written: str) -> None:
    assert why_unspoken(written) is not None
