"""Times of day, lengths of time, verses."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "ranges": [
        ("I work 1:30-4:15pm.", "I work one thirty to four fifteen PM."),
        ("Open 8:00am-6:30pm.", "Open eight AM to six thirty PM."),
        ("Open 7-8pm.", "Open seven to eight PM."),
        ("From 7:00-8:00.", "From seven to eight o'clock."),
    ],
    "clock": [
        ("Wake me at 6.45 a.m.", "Wake me at six forty-five AM."),
        ("At 00:10 am?", "At twelve ten AM?"),
        ("At 12:00 noon.", "At twelve noon."),
    ],
    "lengths": [
        ("It took 3:05:09.", "It took three hours, five minutes, and nine seconds."),
        ("It took 1:45:00.", "It took one hour and forty-five minutes."),
        ("A 2h30m film.", "A two hours thirty minutes film."),
        ("I ran it in 45:30.", "I ran it in forty-five thirty."),
    ],
    "verses": [
        ("Read John 3:16.", "Read John three sixteen."),
        ("Read Genesis 1:1-3.", "Read Genesis one one to three."),
    ],
    "books": [
        ("What does Genesis 1:1 mean?", "What does Genesis one one mean?"),
        ("Explain 1 Corinthians 13:4-7.", "Explain First Corinthians thirteen four to seven."),
        ("Read verse 2:255.", "Read verse two two fifty-five."),
    ],
    "halves of a day in one letter": [
        ("Open from 3 pm to 11p.", "Open from three PM to eleven PM."),
        ("The party goes 7-11p.", "The party goes seven to eleven PM."),
        ("Open 9a-5p daily.", "Open nine AM to five PM daily."),
        ("We eat at 8a.", "We eat at eight AM."),
        ("Apples cost 10p each.", "Apples cost ten pence each."),
        ("Simplify 3a-5p.", "Simplify three a minus five p."),
    ],
    "around midnight": [
        ("The bus is at 00:35.", "The bus is at twelve thirty-five AM."),
        ("It ends at 00:00.", "It ends at twelve AM."),
        ("My shift is 13:00-21:00.", "My shift is thirteen hundred to twenty-one hundred."),
    ],
    "lengths without a part": [
        ("It took 3:00:25.", "It took three hours and twenty-five seconds."),
        ("He needs 0:55:14.", "He needs fifty-five minutes and fourteen seconds."),
        ("The record is 1:47.2.", "The record is one forty-seven point two."),
        ("A 10:10:10 fertilizer.", "A ten to ten to ten fertilizer."),
    ],
    "short names of books": [
        ("What is in Rev. 22:5?", "What is in Revelation twenty-two five?"),
        ("Read Gen 2:7.", "Read Genesis two seven."),
        ("Rev. Hill spoke.", "Reverend Hill spoke."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
