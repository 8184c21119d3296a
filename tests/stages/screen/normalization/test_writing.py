"""What is joined and parted before anything is read."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "lines across the page": [
        ("It rained.\n===\nWhat fell?", "It rained. What fell?"),
        ("A good meal\n\n-----\n\nWrite a title.", "A good meal. Write a title."),
    ],
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
    "quotations": [
        ("She said `` hello '' .", 'She said "hello".'),
    ],
    "files": [
        ("Open notes.txt now.", "Open notes dot txt now."),
        ("What is a .pdf file?", "What is a dot pdf file?"),
        ("He left.com is short.", "He left dot com is short."),
        ("Where do the .log files go?", "Where do the dot log files go?"),
        ("Delete all *.csv files.", "Delete all star dot csv files."),
    ],
    "marks around words": [
        ("Which is brightest, {red, dark green, blue}?", "Which is brightest, red, dark green, blue?"),
        ("It cost \\$3bn on Friday.", "It cost three billion dollars on Friday."),
        (r"A \"real\" bargain.", 'A "real" bargain.'),
        ("What does sorted() return?", "What does sorted return?"),
    ],
    "keys and signs": [
        ("Press Ctrl-Alt-Del.", "Press control alt delete."),
        ("TL;DR: it works.", "T L D R: it works."),
        ("Is IPv6 new?", "Is I P version six new?"),
    ],
    "contractions in three parts": [
        ("I wouldn 't go.", "I wouldn't go."),
    ],
    "thousands with what they count": [
        ("He ran 10 000 m.", "He ran ten thousand meters."),
        ("It costs 12 500 dollars.", "It costs twelve thousand five hundred dollars."),
        ("It is 1,85 m tall.", "It is one point eight five meters tall."),
    ],
    "rare signs": [
        ("Why is Nº 8 lucky?", "Why is number eight lucky?"),
        ("Is 25˚C warm?", "Is twenty-five degrees Celsius warm?"),
        ("Use the # key.", "Use the hash key."),
        ("Play F# and A#.", "Play F sharp and A sharp."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
