"""Days of the week."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "with a stop": [
        ("Are you free on Thurs.?", "Are you free on Thursday?"),
        ("See the sun. It rose.", "See the sun. It rose."),
        ("On Sat., we rest.", "On Saturday, we rest."),
        ("Closed Sun. and Mon.", "Closed Sunday and Monday."),
    ],
    "without one": [
        ("Are you free on Wed?", "Are you free on Wednesday?"),
        ("We wed in May.", "We wed in May."),
    ],
    "before a date or another day": [
        ("Meet me Tue, Jan 5.", "Meet me Tuesday, January fifth."),
        ("Open Mon-Fri.", "Open Monday to Friday."),
        ("Open Monday-Friday.", "Open Monday to Friday."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
