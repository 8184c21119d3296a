"""Numbers with what they count."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "inches twice": [
        ('It was 24" long, another 2" of hair.', "It was twenty-four inches long, another two inches of hair."),
        ('She said "call 7" twice.', 'She said "call seven" twice.'),
        ("The Beretta 21A Bobcat.", "The Beretta twenty-one A Bobcat."),
    ],
    "fractions and scales": [
        ("Add 2 1/2 tbsp.", "Add two and a half tablespoons."),
        ("Take 1/2 lb of it.", "Take one half pound of it."),
        ("It weighs 2 million kg.", "It weighs two million kilograms."),
    ],
    "case and powers": [
        ("Is 7 KG light?", "Is seven kilograms light?"),
        ("A yard of 30 m2.", "A yard of thirty square meters."),
        ("Is 95 mg/dL high?", "Is ninety-five milligrams per deciliter high?"),
        ("At 10 feet/second.", "At ten feet per second."),
        ("It is 20 MBps.", "It is twenty megabytes per second."),
    ],
    "sides": [
        ('A box of 44.5"H x 1"W.', "A box of forty-four point five inches high x one inch wide."),
    ],
    "degrees": [
        ("Bake at 350 F now.", "Bake at three hundred fifty degrees Fahrenheit now."),
        ("Set it to 25ºC.", "Set it to twenty-five degrees Celsius."),
        ("Sit in row 5 F.", "Sit in row five F."),
    ],
    "people": [
        ("She is 5'7 tall.", "She is five foot seven tall."),
        ("He is 5 ft 11 in tall.", "He is five feet eleven inches tall."),
    ],
    "things": [
        ('A 12" pizza.', "A twelve inch pizza."),
        ("A 9V battery.", "A nine volt battery."),
        ("I ate 7 m&m's.", "I ate seven m and m's."),
        ("Is the iPhone 6s good?", "Is the iPhone six s good?"),
    ],
    "heights and speeds": [
        ("What is 5'11 in cm?", "What is five foot eleven in centimeters?"),
        ("At 10 mbps.", "At ten megabits per second."),
    ],
    "what a letter counts": [
        ("It has 2m users.", "It has two million users."),
        ("It is 2m long.", "It is two meters long."),
        ("It got 10K likes.", "It got ten thousand likes."),
        ("They sold 3b units.", "They sold three billion units."),
        ("A town of 10-20k people.", "A town of ten to twenty thousand people."),
    ],
    "letters after a blank": [
        ("A 60 W bulb.", "A sixty watt bulb."),
        ("A 12 V battery.", "A twelve volt battery."),
        ("Plan 60 W is open.", "Plan sixty W is open."),
        ("Add 5 l of milk.", "Add five liters of milk."),
        ("He ran it in 10 s at full speed.", "He ran it in ten seconds at full speed."),
    ],
    "feet": [
        ("He's 6' tall.", "He's six feet tall."),
        ("A 10' pole.", "A ten foot pole."),
        ("A 5' x 7' rug.", "A five foot by seven foot rug."),
        ('A 3/4" bolt.', "A three quarter inch bolt."),
    ],
    "heat": [
        ("Convert 50 F to C.", "Convert fifty degrees Fahrenheit to Celsius."),
        ("The temperature is 300 K.", "The temperature is three hundred kelvin."),
        ("It is at 40°N.", "It is at forty degrees north."),
    ],
    "ages and cars": [
        ("A 3yo child.", "A three year old child."),
        ("It takes 5 L/100 km.", "It takes five liters per hundred kilometers."),
    ],
    "amounts of substance": [
        ("It is 5.6 mmol/L.", "It is five point six millimoles per liter."),
    ],
    "parts of an inch, heights and ranges": [
        ('A board 6-3/8" wide.', "A board six and three eighths inches wide."),
        ("A 6'0\" player.", "A six foot player."),
        ("How tall is 6' in cm?", "How tall is six feet in centimeters?"),
        ("Is 60-65F cool?", "Is sixty to sixty-five degrees Fahrenheit cool?"),
        ("Dig out 4 cu ft.", "Dig out four cubic feet."),
        ("My 10k time is 48:15.", "My ten k time is forty-eight fifteen."),
    ],
    "ages": [
        ("A toy for 3-4yr olds.", "A toy for three to four year olds."),
        ("My 5yr old sings.", "My five year old sings."),
        ("She is 5 yrs old.", "She is five years old."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
