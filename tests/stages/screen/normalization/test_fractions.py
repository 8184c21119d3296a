"""Fractions, rules of two numbers, pressures, scores."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "parts and scores": [
        ("He gave 2/5 of them a review.", "He gave two fifths of them a review."),
        ("I gave it 4/5 in my review.", "I gave it four out of five in my review."),
        ("They cut his sentence by 1/3.", "They cut his sentence by one third."),
        ("He is 2/3s as tall.", "He is two thirds as tall."),
    ],
    "fractions": [
        ("Cut it to 1/6th.", "Cut it to one sixth."),
        ("About 2/3rds of them.", "About two thirds of them."),
        ("Add 3/4 cup of oil.", "Add three quarters of a cup of oil."),
        ("Roughly ~2/5 of them left.", "Roughly two fifths of them left."),
    ],
    "mixed numbers": [
        ("Add 3-1/2 cups.", "Add three and a half cups."),
        ("Walk 2 3/4 miles.", "Walk two and three quarters miles."),
        ("It is 5/2 or 3 5/2.", "It is five divided by two or three and five halves."),
    ],
    "divisions": [
        ("Divide 18/6 for me.", "Divide eighteen by six for me."),
        ("What is 17/5?", "What is seventeen divided by five?"),
        ("Use 12/kg of it.", "Use twelve per kilogram of it."),
    ],
    "rules of two": [
        ("Explain the 70/30 rule.", "Explain the seventy thirty rule."),
        ("A 60/40 split is fair.", "A sixty forty split is fair."),
        ("My blood pressure is 130/85.", "My blood pressure is one thirty over eighty-five."),
    ],
    "scores": [
        ("Rated 8/10 by all.", "Rated eight out of ten by all."),
        ("It got 4.5/5 from me.", "It got four point five out of five from me."),
    ],
    "named by numbers": [
        ("The 60/40 portfolio.", "The sixty forty portfolio."),
        ("What is 60/40?", "What is sixty divided by forty?"),
        ("The 50/30/20 rule.", "The fifty thirty twenty rule."),
        ("A waltz in 3/4 time.", "A waltz in three four time."),
        ("A 70/30 mix.", "A seventy thirty mix."),
    ],
    "over and per": [
        ("Explain 1/f noise.", "Explain one over f noise."),
        ("We meet 2/week.", "We meet two per week."),
        ("Cut it into 1/3rds.", "Cut it into thirds."),
    ],
    "after an article": [
        ("Eat a 1/4 of it.", "Eat a quarter of it."),
        ("He makes 3/4's the pay.", "He makes three quarters the pay."),
        ("It took 1/100th of it.", "It took one hundredth of it."),
    ],
    "speeds": [
        ("He drove at 60/mph.", "He drove at sixty miles per hour."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
