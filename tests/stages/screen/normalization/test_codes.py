"""Numbers that are read digit by digit or in pairs."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "seven digits": [
        ("Who sang 867-5309/Jenny?", "Who sang eight six seven, five three zero nine or Jenny?"),
        ("Write 500-1000 words.", "Write five hundred to one thousand words."),
    ],
    "telephones": [
        ("Call 555-0199 today.", "Call five five five, zero one nine nine today."),
        ("Call 1-800-555-0199.", "Call one, eight hundred, five five five, zero one nine nine."),
        ("My number is 020 7946 0958.", "My number is zero two zero, seven nine four six, zero nine five eight."),
    ],
    "names": [
        ("Near ZIP 10027.", "Near ZIP one zero zero two seven."),
        ("In Austin, TX 78701.", "In Austin, Texas seven eight seven zero one."),
        ("She lives at 221 Baker St.", "She lives at two twenty-one Baker Street."),
        ("Your code is ab945.", "Your code is ab nine four five."),
        ("Ping 127.0.0.1.", "Ping one two seven dot zero dot zero dot one."),
    ],
    "commands": [
        ("What does rm -r do?", "What does R M dash R do?"),
        ("Run pip --help now.", "Run pip dash dash help now."),
    ],
    "called": [
        ("Dial 999.", "Dial nine nine nine."),
        ("Call 112 now.", "Call one one two now."),
        ("Call 300 people.", "Call three hundred people."),
        ("Call +44 20 7946 0958.", "Call plus four four, two zero, seven nine four six, zero nine five eight."),
        ("The attack of 9-11.", "The attack of nine eleven."),
        ("Pages 9-11.", "Pages nine to eleven."),
    ],
    "places": [
        ("The weather in 90210?", "The weather in nine zero two one zero?"),
        ("Numbers up to 90210.", "Numbers up to ninety thousand two hundred ten."),
    ],
    "options in one": [
        ("What does tar -xvf do?", "What does tar dash X V F do?"),
        ("Run chmod 755 on it.", "Run chmod seven five five on it."),
    ],
    "teams and cars": [
        ("The 49ers won.", "The forty-niners won."),
        ("A Porsche 911.", "A Porsche nine eleven."),
        ("Dial 911.", "Dial nine one one."),
    ],
    "bits": [
        ("Write 1101 in binary as a decimal.", "Write one one zero one in binary as a decimal."),
        ("Convert binary 101 to decimal.", "Convert binary one zero one to decimal."),
        ("Write 1000 in binary.", "Write one thousand in binary."),
        ("It cost 1101 dollars.", "It cost one thousand one hundred one dollars."),
    ],
    "books and orders": [
        (
            "My ISBN is 978-0-306-40615-7.",
            "My ISBN is nine seven eight, zero, three zero six, four zero six one five, seven.",
        ),
        ("My order number is 48213.", "My order number is four eight two one three."),
    ],
    "over the radio": [
        ("What does 10-4 mean?", "What does ten four mean?"),
        ("They won 10-4.", "They won ten to four."),
        ("What is 10-4?", "What is ten minus four?"),
    ],
    "signs of options": [
        ("Solve -x > 6.", "Solve minus x is greater than six."),
        ("How do I use kill -9?", "How do I use kill dash nine?"),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
