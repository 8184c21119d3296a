"""Times of day, lengths of time, verses."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "ranges": [
        ("I work 1:30-4:15pm.", "I work one thirty to four fifteen PM."),
        ("Open 8:00am-6:30pm.", "Open eight AM to six thirty PM."),
        ("Open 7-8pm.", "Open seven to eight PM."),
        ("From 7:00-8:00.", "From seven to eight o'clock."),
    ],
    "clock": [
        ("Wake me at 6.45 a.m.", "Wake me at six forty-five AM."),
        ("At 00:10 am?", "At twelve ten AM?"),
        ("At 12:00 noon.", "At twelve noon."),
    ],
    "lengths": [
        ("It took 3:05:09.", "It took three hours, five minutes, and nine seconds."),
        ("It took 1:45:00.", "It took one hour and forty-five minutes."),
        ("A 2h30m film.", "A two hours thirty minutes film."),
        ("I ran it in 45:30.", "I ran it in forty-five thirty."),
    ],
    "verses": [
        ("Read John 3:16.", "Read John three sixteen."),
        ("Read Genesis 1:1-3.", "Read Genesis one one to three."),
    ],
    "books": [
        ("What does Genesis 1:1 mean?", "What does Genesis one one mean?"),
        ("Explain 1 Corinthians 13:4-7.", "Explain First Corinthians thirteen four to seven."),
        ("Read verse 2:255.", "Read verse two two hundred fifty-five."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
