"""Numbers between plain words are told at once, and as the other forms tell them."""

import pytest

from sayso.stages.screen.normalization import NUMBER_FORMS, plain_numbers
from sayso.stages.screen.normalization.rewriting import rewriter
from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "at once": [
        ("He has 12 apples and 7 of hers.", "He has twelve apples and seven of hers."),
        ("Question 1: Name 250 trees.", "Question one: Name two hundred fifty trees."),
        ("Take a 10-minute walk on the 3rd floor.", "Take a ten minute walk on the third floor."),
        ("Give 15% of $1,200 and $2.50 each.", "Give fifteen percent of one thousand two hundred dollars and"),
        ("It is a $20 ticket.", "It is a twenty dollar ticket."),
        ("See 5,000 people in 2.5 hours.", "See five thousand people in two point five hours."),
    ],
    "not at once": [
        ("A 5 to 7 ft rug.", "A five to seven foot rug."),
        ("Add 2 and 1/2 cups.", "Add two and a half cups."),
        ("Dial 112 when needed.", "Dial one one two when needed."),
        ("Take room 305 please.", "Take room three oh five please."),
        ("Pay $5 to 8 for it.", "Pay five to eight dollars for it."),
        ("It is 10% to 15% more.", "It is ten to fifteen percent more."),
        ("Run 8 million km.", "Run eight million kilometers."),
    ],
}
_EVERY = [pair for pairs in PAIRS.values() for pair in pairs]
_WITHOUT = rewriter([one for one in NUMBER_FORMS if one not in plain_numbers.FORMS])
_WITH = rewriter(NUMBER_FORMS)


@pytest.mark.parametrize(("written", "said"), _EVERY)
def test_said(written: str, said: str) -> None:
    assert spoken(written).startswith(said)


def test_the_other_forms_say_the_same() -> None:
    words = (
        "years",
        "of",
        "million people",
        "feet",
        "in a row",
        "and 1/2",
        "to 9 kg",
        "per cent",
        "or more",
        "degrees",
        "meters",
        "hours and",
        "hours, 30 minutes",
        "out of",
        "a day",
    )
    numbers = ("7", "12", "250", "3rd", "40%", "$5", "$1,250", "$2.50", "$9.5", "10-mile", "8,000", "4500", "2.5")
    befores = ("a ", "room ", "Line 1: ", "(", "costs ", "2, ", "between ")
    afters = (*(f" {word}" for word in words), " to 15%", ".", ", 8", ": yes", "), 3", "-4", "")
    texts = [before + number + after for before in befores for number in numbers for after in afters]
    assert [_WITH(text) for text in texts] == [_WITHOUT(text) for text in texts]
