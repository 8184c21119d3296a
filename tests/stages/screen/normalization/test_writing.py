"""What is joined and parted before anything is read."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "tokens": [
        ("Why do n't we go ?", "Why don't we go?"),
        ("It closed at 3 : 59 p.m. there.", "It closed at three fifty-nine PM there."),
        ("She -lrb- born 1961 -rrb- sang.", "She, born nineteen sixty-one, sang."),
        ("It fell by #36;2 today.", "It fell by two dollars today."),
    ],
    "lines": [
        ("Can I mix\nsalt and\npepper?", "Can I mix salt and pepper?"),
        ("Classify the word\nrunning", "Classify the word, running"),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
