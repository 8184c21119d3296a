"""Amounts of money."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "amounts": [
        ("They raised $3.1b.", "They raised three point one billion dollars."),
        ("It is $2.5 a liter.", "It is two dollars fifty a liter."),
        ("It is $0.5 each.", "It is fifty cents each."),
        ("About US$50, C$20, A$5.", "About fifty US dollars, twenty Canadian dollars, five Australian dollars."),
        ("Pay 50 USD or 20 EUR.", "Pay fifty US dollars or twenty euros."),
        ("It is Rs. 500.", "It is five hundred rupees."),
        ("A $20M deal.", "A twenty million dollar deal."),
    ],
    "rates": [
        ("It costs $9/user/month.", "It costs nine dollars per user per month."),
        ("It is $79.99/night.", "It is seventy-nine dollars and ninety-nine cents per night."),
        ("It is $20/mo now.", "It is twenty dollars per month now."),
    ],
    "ranges": [
        ("For $5-10 each.", "For five to ten dollars each."),
        ("For $1-2 million.", "For one to two million dollars."),
    ],
    "currencies": [
        ("It costs R$10.", "It costs ten reais."),
        ("It costs 50 SEK.", "It costs fifty Swedish kronor."),
        ("It costs 10 PLN.", "It costs ten Polish zloty."),
        ("It costs 3,50 €.", "It costs three euros and fifty cents."),
        ("It costs €1.234,50.", "It costs one thousand two hundred thirty-four euros and fifty cents."),
        ("It costs 99p.", "It costs ninety-nine pence."),
        ("How much is £5 in $?", "How much is five pounds in dollars?"),
        ("The $ sign.", "The dollar sign."),
    ],
    "named currencies": [
        ("It is 4,99 euros.", "It is four euros and ninety-nine cents."),
        ("It is 4.99 dollars.", "It is four dollars and ninety-nine cents."),
        ("It is €200-€300.", "It is two hundred to three hundred euros."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
