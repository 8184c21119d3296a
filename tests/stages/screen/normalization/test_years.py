"""Years, decades, seasons, quarters."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "decades": [
        ("Late mid-1970s songs.", "Late mid nineteen seventies songs."),
        ("The 1950s-1960s.", "The nineteen fifties to nineteen sixties."),
        ("She is in her mid-30s.", "She is in her mid thirties."),
    ],
    "seasons": [
        ("The 2016/17 season.", "The twenty sixteen seventeen season."),
        ("In Q3 2022.", "In Q three twenty twenty-two."),
        ("In FY2023.", "In FY twenty twenty-three."),
        ("Growth in 2Q22.", "Growth in the second quarter of twenty twenty-two."),
    ],
    "years": [
        ("Since '85.", "Since eighty-five."),
        ("He lived 1749 -- 1812.", "He lived seventeen forty-nine to eighteen twelve."),
        ("I have 1984 apples.", "I have one thousand nine hundred eighty-four apples."),
        ("A 1967 car.", "A nineteen sixty-seven car."),
        ("Between 1939-1945.", "Between nineteen thirty-nine and nineteen forty-five."),
        ("The sum of 1900 and 50.", "The sum of one thousand nine hundred, and fifty."),
    ],
    "alone and in pairs": [
        ("Was it 1066 or 1100?", "Was it ten sixty-six or eleven hundred?"),
        ("Is 1066 or 1100 larger?", "Is one thousand sixty-six or one thousand one hundred larger?"),
        ("The 1610 map.", "The sixteen ten map."),
        ("In the year 2150.", "In the year twenty-one fifty."),
        ("It has 2150 rooms.", "It has two thousand one hundred fifty rooms."),
        ("It is from c. 1500.", "It is from circa fifteen hundred."),
        ("Built ca. 1200.", "Built circa twelve hundred."),
    ],
    "seconds": [
        ("Hold it for 30s.", "Hold it for thirty seconds."),
        ("Songs of the 30s.", "Songs of the thirties."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
