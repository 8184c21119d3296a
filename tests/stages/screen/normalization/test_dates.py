"""Days, months and years."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "numeric": [
        ("On 2021/11/03 it began.", "On November third, twenty twenty-one, it began."),
        ("On 2011-4-8 it rained.", "On April eighth, twenty eleven, it rained."),
        ("Due 31.12.1999.", "Due December thirty-first, nineteen ninety-nine."),
        ("We close on 7/31.", "We close on July thirty-first."),
    ],
    "ranges": [
        ("It runs July 3-6.", "It runs July third to sixth."),
        ("It runs July 3rd-6th.", "It runs July third to sixth."),
        ("From June 28 - July 3, 2024.", "From June twenty-eighth to July third, twenty twenty-four."),
        ("March 1 through May 5.", "March first through May fifth."),
        ("I was there Jan 2016 - Mar 2019.", "I was there January twenty sixteen to March twenty nineteen."),
    ],
    "names": [
        ("On the 4th August?", "On the fourth of August?"),
        ("Born on may 6 1999.", "Born on May sixth, nineteen ninety-nine."),
        ("You may 5 times.", "You may five times."),
        ("In Jan. 2020.", "In January twenty twenty."),
        ("We meet 3/4 at 5:15.", "We meet March fourth at five fifteen."),
    ],
    "names in a range": [
        ("Open Jan-Mar.", "Open January to March."),
        ("The June-August season.", "The June to August season."),
        (
            "He (13 May 1898 - 4 May 1949) wrote.",
            "He, May thirteenth, eighteen ninety-eight to May fourth, nineteen forty-nine, wrote.",
        ),
        ("She (born 3 May 1898) wrote.", "She, born May third, eighteen ninety-eight, wrote."),
    ],
    "after a word": [
        ("The deadline is 5/1.", "The deadline is May first."),
        ("The answer is 5/1.", "The answer is five divided by one."),
    ],
    "in small letters and with full stops": [
        ("The deadline is oct 12.", "The deadline is October twelfth."),
        ("is may 9 a holiday", "is May ninth a holiday"),
        ("The 24.11.2018 meeting.", "The November twenty-fourth, twenty eighteen, meeting."),
        ("Born 1985.11.6 in Oslo.", "Born November sixth, nineteen eighty-five, in Oslo."),
    ],
    "without a year": [
        ("The sale runs 11/20 to 11/28.", "The sale runs November twentieth to November twenty-eighth."),
        ("Is 12/26 a holiday?", "Is December twenty-sixth a holiday?"),
        ("Add 1/2 to 3/4 cups.", "Add one half to three quarters cups."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
