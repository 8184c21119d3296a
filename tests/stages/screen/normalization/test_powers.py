"""Powers and numbers with a power of ten."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "powers": [
        ("What does 3**4 give?", "What does three to the power of four give?"),
        ("What is 10^-6?", "What is ten to the power of minus six?"),
        ("How small is 10⁻⁹?", "How small is ten to the power of minus nine?"),
    ],
    "with a power of ten": [
        ("Write 2e-7 out.", "Write two times ten to the power of minus seven out."),
        ("Is it -2e6 or less?", "Is it minus two times ten to the power of six or less?"),
    ],
    "measured": [
        ("Is 10⁻⁶ m short?", "Is ten to the power of minus six meters short?"),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
