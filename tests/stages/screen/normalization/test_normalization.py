"""Written English on the left, what a voice is given on the right."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import polars as pl
import pytest

from sayso.stages.screen.normalization import LONGEST_SAID, say_numbers, say_words, to_spoken
from sayso.stages.screen.normalization.symbols import say_symbols
from sayso.stages.screen.normalization.writing import one_line
from tests.stages.screen import normalization

PAIRS = {
    "as it is": [
        ("Name three fruits.", "Name three fruits."),
        ('What\'s the best way to say "thank you"?', 'What\'s the best way to say "thank you"?'),
        ("Is NASA well-known, or not?", "Is NASA well-known, or not?"),
        ("请介绍一下你自己", "请介绍一下你自己"),
        ("Describe the effects of an El Niño.", "Describe the effects of an El Niño."),
    ],
    "cardinals": [
        ("I have 3 cats.", "I have three cats."),
        ("Count to 21.", "Count to twenty-one."),
        ("It has 105 grams.", "It has one hundred five grams."),
        (
            "There are 1,234,567 people.",
            "There are one million two hundred thirty-four thousand five hundred sixty-seven people.",
        ),
        ("We have 1500 people.", "We have one thousand five hundred people."),
        ("Agent 007 is here.", "Agent zero zero seven is here."),
        ("Play the mp3 of GPT-4.", "Play the mp three of GPT four."),
        ("A 120-page book.", "A one hundred twenty page book."),
        ("An 8-year-old child.", "An eight year-old child."),
        ("Item #5 on the list.", "Item number five on the list."),
        ("See No. 5 below.", "See number five below."),
        ("It took ~20 minutes.", "It took about twenty minutes."),
        ("Nobody under 18, or over 65.", "Nobody under eighteen, or over sixty-five."),
        ("Use 100+ words.", "Use one hundred plus words."),
    ],
    "decimals": [
        ("Pi is 3.14.", "Pi is three point one four."),
        ("Add 0.5 to .25.", "Add zero point five to point two five."),
        ("Install version 3.11.7 now.", "Install version three point eleven point seven now."),
        ("The sides are long.4 units.", "The sides are long. four units."),
    ],
    "ordinals": [
        ("The 1st and 22nd.", "The first and twenty-second."),
        ("The 16th president.", "The sixteenth president."),
        ("The 100th day.", "The one hundredth day."),
    ],
    "fractions": [
        ("Take 1/2 cup.", "Take one half cup."),
        ("About 3/4 of them.", "About three quarters of them."),
        ("2/3 of the class.", "two thirds of the class."),
        ("Add 2½ spoons.", "Add two and a half spoons."),
        ("Add 1 1/4 cups.", "Add one and a quarter cups."),
        ("He has 5/32 left.", "He has five over thirty-two left."),
        ("48/2 = 24", "forty-eight divided by two equals twenty-four"),
        ("Open 24/7.", "Open twenty-four seven."),
        ("After 9/11 it changed.", "After nine eleven it changed."),
    ],
    "ranges": [
        ("It takes 5-10 days.", "It takes five to ten days."),
        ("Ages 5–10 only.", "Ages five to ten only."),
        ("They won 3-2.", "They won three to two."),
        ("Draw it in 16:9.", "Draw it in sixteen to nine."),
        ("A 4x6 photo.", "A four by six photo."),
        ("A 12 x 14 ft. room.", "A twelve by fourteen foot room."),
        ("It is 10x faster.", "It is ten times faster."),
    ],
    "sums": [
        ("What is 3 + 4?", "What is three plus four?"),
        ("What is 10 - 4?", "What is ten minus four?"),
        ("What is 5-3?", "What is five minus three?"),
        ("What is 6 × 7?", "What is six times seven?"),
        ("What is 6 x 7?", "What is six times seven?"),
        ("What is 6 * 7?", "What is six times seven?"),
        ("What is 100 / 4?", "What is one hundred divided by four?"),
        ("What is 8 ÷ 2?", "What is eight divided by two?"),
        ("Solve 2a+3b=20.", "Solve two a plus three b equals twenty."),
        ("Solve x^2 + 3x - 5 = 0.", "Solve x squared plus three x minus five equals zero."),
        ("What is 2^10?", "What is two to the power of ten?"),
        ("What is x³?", "What is x cubed?"),
        ("Is 3 < 5?", "Is three less than five?"),
        ("Is it -5 degrees?", "Is it minus five degrees?"),
        ("Use π for it.", "Use pi for it."),
        ("What is √16?", "What is the square root of sixteen?"),
    ],
    "years": [
        ("It began in 1939.", "It began in nineteen thirty-nine."),
        ("In 1066 they landed.", "In ten sixty-six they landed."),
        ("It is from 2005.", "It is from two thousand five."),
        ("In 2024, we moved.", "In twenty twenty-four, we moved."),
        ("The year 1900 came.", "The year nineteen hundred came."),
        ("From 1914-1918 he fought.", "From nineteen fourteen to nineteen eighteen he fought."),
        ("The 1990s were fun.", "The nineteen nineties were fun."),
        ("Music of the '80s.", "Music of the eighties."),
        ("In the 1800s.", "In the eighteen hundreds."),
        ("I eat 2000 calories.", "I eat two thousand calories."),
    ],
    "dates": [
        ("On May 5th, 2024 we left.", "On May fifth, twenty twenty-four, we left."),
        ("On July 4, 1776.", "On July fourth, seventeen seventy-six."),
        ("Born Dec. 23rd.", "Born December twenty-third."),
        ("The 1st of March.", "The first of March."),
        ("On 5 May 2012.", "On May fifth, twenty twelve."),
        ("In March 1999.", "In March nineteen ninety-nine."),
        ("Due 2024-05-12.", "Due May twelfth, twenty twenty-four."),
        ("Due 12/05/2024.", "Due December fifth, twenty twenty-four."),
        ("Due 25/12/2024.", "Due December twenty-fifth, twenty twenty-four."),
        ("May 3 people come in?", "May third people come in?"),
    ],
    "times": [
        ("At 3:30 pm.", "At three thirty PM."),
        ("At 3:05 we go.", "At three oh five we go."),
        ("At 9:00 p.m. in Rome.", "At nine PM in Rome."),
        ("It is 10:00 now.", "It is ten o'clock now."),
        ("At 16:20.", "At sixteen twenty."),
        ("From 9am-5pm.", "From nine AM to five PM."),
        ("At 8 a.m. sharp.", "At eight AM sharp."),
        ("Wake up at 7 a.m. Then eat.", "Wake up at seven AM. Then eat."),
        ("At 9 a.m. EST.", "At nine AM EST."),
    ],
    "money": [
        ("It costs $4.50.", "It costs four dollars and fifty cents."),
        ("Only $1 left.", "Only one dollar left."),
        ("Just $0.99!", "Just ninety-nine cents!"),
        ("He has €20.", "He has twenty euros."),
        ("It made £1.2 million.", "It made one point two million pounds."),
        ("Pay $5k now.", "Pay five thousand dollars now."),
        ("From $20-$30.", "From twenty to thirty dollars."),
        ("She earns $15/hour.", "She earns fifteen dollars per hour."),
        ("Take a $10,000 loan.", "Take a ten thousand dollar loan."),
        ("It was 175$ in all.", "It was one hundred seventy-five dollars in all."),
        ("It costs 50¢.", "It costs fifty cents."),
        ("Change ¥500 please.", "Change five hundred yen please."),
    ],
    "percent": [
        ("Take 25% off.", "Take twenty-five percent off."),
        ("About 5-10% of it.", "About five to ten percent of it."),
        ("A 7.5% tax.", "A seven point five percent tax."),
    ],
    "measures": [
        ("Run 5 km.", "Run five kilometers."),
        ("Drive at 20 mph.", "Drive at twenty miles per hour."),
        ("It is 70°F.", "It is seventy degrees Fahrenheit."),
        ("Heat to 20 °C.", "Heat to twenty degrees Celsius."),
        ("In °C or °F?", "In degrees Celsius or degrees Fahrenheit?"),
        ("It weighs 3kg.", "It weighs three kilograms."),
        ("Just 1 kg.", "Just one kilogram."),
        ("He is 5'10\" tall.", "He is five feet ten inches tall."),
        ("He is 6 ft. 2 in. tall.", "He is six feet two inches tall."),
        ("A 5-km run.", "A five kilometer run."),
        ("At 60 miles/hour.", "At sixty miles per hour."),
        ("An area of 20 m².", "An area of twenty square meters."),
        ("How fast in km/s?", "How fast in kilometers per second?"),
        ("A 10K race.", "A ten K race."),
        ("With 16 GB of memory.", "With sixteen gigabytes of memory."),
        ("I was 5 in May.", "I was five in May."),
    ],
    "telephone": [
        ("Call (555) 123-4567 now.", "Call five five five, one two three, four five six seven now."),
        ("Call 911!", "Call nine one one!"),
    ],
    "titles and abbreviations": [
        ("Dr. Smith and Mr. Jones.", "Doctor Smith and Mister Jones."),
        ("Mrs. Lee met Prof. Wu.", "Missus Lee met Professor Wu."),
        ("On Main St. in St. Louis.", "On Main Street in Saint Louis."),
        ("Fruits, e.g. apples.", "Fruits, for example apples."),
        ("The best, i.e. mine.", "The best, that is mine."),
        ("Apples, pears, etc.", "Apples, pears, and so on."),
        ("Cats vs. dogs.", "Cats versus dogs."),
        ("It is approx. ten.", "It is approximately ten."),
        ("Martin Luther King Jr.", "Martin Luther King Junior."),
        ("Coffee w/ milk.", "Coffee with milk."),
        ("He has a Ph.D. in law.", "He has a PhD in law."),
        ("No. I say no.", "No. I say no."),
    ],
    "initials": [
        ("The U.S. economy.", "The U S economy."),
        ("Made in the U.S.A.", "Made in the U S A."),
        ("By J.K. Rowling.", "By J K Rowling."),
        ("In Washington, D.C. today.", "In Washington, D C today."),
        ("The FBI called.", "The FBI called."),
    ],
    "roman numerals": [
        ("World War II ended.", "World War two ended."),
        ("World War I was first.", "World War one was first."),
        ("Henry VIII had six wives.", "Henry the Eighth had six wives."),
        ("Read Chapter IV.", "Read Chapter four."),
        ("Queen Elizabeth I ruled.", "Queen Elizabeth the First ruled."),
        ("In Charles I trust.", "In Charles I trust."),
        ("Rocky III is on.", "Rocky three is on."),
        ("John Locke met Dr. Mill.", "John Locke met Doctor Mill."),
        ("Saturn Lightning vs. Mars.", "Saturn Lightning versus Mars."),
        ("In the XIX century.", "In the nineteenth century."),
        ("I need an IV drip.", "I need an IV drip."),
        ("The part I like.", "The part I like."),
        ("Take vitamin C.", "Take vitamin C."),
    ],
    "symbols": [
        ("Salt & pepper.", "Salt and pepper."),
        ("Meet me @ noon.", "Meet me at noon."),
        ("Use C++ or C#.", "Use C plus plus or C sharp."),
        ("He/she may come.", "He or she may come."),
        ("Bread and/or butter.", "Bread and or butter."),
        ("Explain TCP/IP.", "Explain TCP IP."),
        ("The sky is ____.", "The sky is blank."),
        ("Thanks :) bye", "Thanks bye"),
        ("Use `map` here.", "Use map here."),
        ("Tag it #travel.", "Tag it hashtag travel."),
    ],
    "punctuation": [
        ("“Hello,” she said…", '"Hello," she said.'),
        ("It rains (often).", "It rains, often."),
        ("Wait -- what?", "Wait, what?"),
        ("Wait — what?", "Wait, what?"),
        ("Really?!", "Really?"),
        ("Now!!!", "Now!"),
        ("Classify the word\nrunning", "Classify the word, running"),
        ("Rewrite this.\nShe ran.\n\n", "Rewrite this. She ran."),
        ("Name the depth of a lake.Lake Como", "Name the depth of a lake. Lake Como"),
        ("movies , books ; and games .", "movies, books; and games."),
        ("zero\u200bwidth\ufeff and ﬁne", "zerowidth and fine"),
    ],
}
EVERY = [(written, said) for pairs in PAIRS.values() for written, said in pairs]
# Those of the files beside this one as well.
OF_ALL_FILES = [
    written
    for module in iter_modules(normalization.__path__)
    if module.name.startswith("test_") and module.name != "test_normalization"
    for pairs in import_module(f"tests.stages.screen.normalization.{module.name}").PAIRS.values()
    for written, _ in pairs
]


@pytest.mark.parametrize(("written", "said"), EVERY)
def test_said(written: str, said: str) -> None:
    assert to_spoken(pl.Series([written])).row(0) == (said, None)


def test_a_column_is_said_as_its_rows_are() -> None:
    written = pl.Series([written for written, _ in EVERY])
    assert to_spoken(written)["spoken"].to_list() == [said for _, said in EVERY]
    assert to_spoken(written.reverse())["spoken"].to_list() == [said for _, said in EVERY][::-1]


def test_rows_that_are_passed_over_would_not_have_changed() -> None:
    """The passes skip rows by a regular expression; applying every pass to every row gives the same."""
    written = pl.Series([*(written for written, _ in EVERY), *OF_ALL_FILES])
    every_pass = say_symbols(pl.Series([say_numbers(say_words(text)) for text in one_line(written)]))
    assert to_spoken(written)["spoken"].to_list() == every_pass.to_list()


def test_the_texts_that_are_handed_in_stay_as_they_are() -> None:
    for step in (one_line, say_symbols):
        written = pl.Series(["It’s  5 km & more...", "One\ntwo", "a, b"])
        before = written.to_list()
        assert step(written).to_list() != before
        assert written.to_list() == before


def test_what_is_said_is_said_again_the_same() -> None:
    once = to_spoken(pl.Series([*(written for written, _ in EVERY), *OF_ALL_FILES]))["spoken"]
    again = to_spoken(once)["spoken"]
    assert again.to_list() == once.to_list()


def test_other_scripts_are_left_to_the_language_filter() -> None:
    assert to_spoken(pl.Series(["Привет, мир! 5", "日本の首都はどこですか。"]))["unpronounceable"].null_count() == 2


def test_long_texts_are_left_alone() -> None:
    long = "5 km & more " * (LONGEST_SAID // 12 + 1)
    assert to_spoken(pl.Series([long, "5 km"])).rows() == [(long, None), ("five kilometers", None)]


def test_a_text_that_grows_far_beyond_that_on_one_line_is_left_as_that_line() -> None:
    (said,) = to_spoken(pl.Series(["5 ㎢ " + "㍿" * 400]))["spoken"]
    assert said == "5 km2 " + "株式会社" * 400


def test_no_number_is_said_in_two_parts_whatever_stands_behind_it() -> None:
    (said,) = to_spoken(pl.Series(["From 1-1,234,567- on."]))["spoken"]
    assert "one million two hundred thirty-four thousand five hundred sixty-seven" in said


def test_empty_and_missing_texts() -> None:
    assert to_spoken(pl.Series(["", None, "  \n "], dtype=pl.String))["spoken"].to_list() == ["", "", ""]
    assert to_spoken(pl.Series([], dtype=pl.String)).schema == {"spoken": pl.String, "unpronounceable": pl.String}
