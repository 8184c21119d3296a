"""Roman numerals."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "numerals": [
        ("What is stage III cancer?", "What is stage three cancer?"),
        ("How did WWI start?", "How did World War One start?"),
        ("What year is MCMXCIX?", "What year is nineteen ninety-nine?"),
        ("Is Rocky IV good?", "Is Rocky four good?"),
        ("What is XIV as a number?", "What is fourteen as a number?"),
        ("Part I of it.", "Part one of it."),
    ],
    "letters": [
        ("Who was Malcolm X?", "Who was Malcolm X?"),
        ("An IV drip.", "An IV drip."),
        ("The MIX of CDs.", "The MIX of CDs."),
        ("The part I like.", "The part I like."),
    ],
    "lists and series": [
        ("Nerves III, IV, and VI.", "Nerves three, four, and six."),
        ("Plan I or plan II?", "Plan one or plan two?"),
        ("Who made Final Fantasy X?", "Who made Final Fantasy ten?"),
        ("What is XX in roman numerals?", "What is twenty in roman numerals?"),
        ("She watched XX and CML.", "She watched XX and CML."),
        ("Queen Margrethe II.", "Queen Margrethe the Second."),
    ],
    "after letters": [
        ("What is the DSM-IV?", "What is the DSM-four?"),
        ("The iPhone X is old.", "The iPhone ten is old."),
        ("Who is Professor X?", "Who is Professor X?"),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
