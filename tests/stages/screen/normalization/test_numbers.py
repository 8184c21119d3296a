"""Numbers that nothing else is made of."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "lists": [
        ("I got 30, 85, 200 and 70.", "I got thirty, eighty-five, two hundred, and seventy."),
        ("Is it 400 and 20 or 399?", "Is it four hundred, and twenty, or three hundred ninety-nine?"),
        ("Between 100 and 200 people.", "Between one hundred and two hundred people."),
        ("Take 3 and 4.", "Take three and four."),
    ],
    "groups": [
        ("Write 2 000 000 down.", "Write two million down."),
        ("Add 3,5 liters.", "Add three point five liters."),
        ("Sort 1, 2, 3.", "Sort one, two, three."),
    ],
    "many": [
        ("100s of ants came.", "hundreds of ants came."),
        ("Fly F-15s and 747s.", "Fly F fifteens and seven forty-sevens."),
    ],
    "signs": [
        ("At -7 degrees.", "At minus seven degrees."),
        ("It's ~5 miles off.", "It's about five miles off."),
        ("About ~5 miles.", "About five miles."),
        ("Room #12.", "Room number twelve."),
        ("Is it №7?", "Is it number seven?"),
    ],
    "grouping": [
        ("Is 1.000.000 a lot?", "Is one million a lot?"),
        ("It has 1'000 people.", "It has one thousand people."),
        ("Version 1.2.3 is out.", "Version one point two point three is out."),
    ],
    "tens of them": [
        ("Tens of 1000s left.", "Tens of thousands left."),
        ("See 10,000s of fans.", "See tens of thousands of fans."),
    ],
    "told by a verb": [
        ("Pi is 3,14.", "Pi is three point one four."),
        ("Sort 3,14,15.", "Sort three, fourteen, fifteen."),
    ],
    "below zero in a list": [
        ("Sort 4 -7 3.", "Sort four minus seven three."),
        ("It takes 4 - 7 days.", "It takes four to seven days."),
    ],
    "weight": [
        ("I weigh 11 st.", "I weigh eleven stone."),
        ("The 11th.", "The eleventh."),
    ],
    "several of a digit": [
        ("Roll two 6s.", "Roll two sixes."),
        ("Count the 0s and 1s.", "Count the zeros and ones."),
        ("It takes 5s.", "It takes five seconds."),
    ],
    "lists without blanks": [
        ("The marks are 70,80,95.", "The marks are seventy, eighty, ninety-five."),
        ("It is 70,801 now.", "It is seventy thousand eight hundred one now."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
