"""The digits of a text, whether they are written or spoken: "1919" and "nineteen nineteen" have the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_ONES += " seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
_ORDINALS += " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"

UNITS = {word: number for number, word in enumerate(_ONES.split())}
UNITS |= {word: number for number, word in enumerate(_ORDINALS.split())}
UNITS |= {word + "s": number for word, number in UNITS.items() if number > 2}
UNITS |= {"oh": 0, "half": 2, "halves": 2, "quarter": 4, "quarters": 4, "squared": 2, "cubed": 3, "twos": 2, "sixes": 6}
TENS = {word: 10 * (number + 2) for number, word in enumerate(_TENS.split())}
TENS |= {word[:-1] + ending: number for word, number in TENS.items() for ending in ("ies", "ieth", "ieths")}
SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 10**9, "trillion": 10**12}
SCALES |= {word + ending: number for word, number in SCALES.items() for ending in ("s", "th", "ths")}
HUNDREDS = {"hundred", "hundreds", "hundredth", "hundredths"}
# What "a" can be the one of.
COUNTED = {"half", "quarter", "dozen", *HUNDREDS, *SCALES}

WORDS = {
    **{word: ("small", number) for word, number in {**UNITS, **TENS}.items()},
    **{word: ("scale", number) for word, number in SCALES.items()},
    **dict.fromkeys(HUNDREDS, ("hundred", 100)),
    "a": ("one", 1),
}
NO_NUMBER = ("", 0)
# Numerals that follow a name; beyond forty, such letters are more often something else.
ROMANS = {
    tens + units: str(10 * len(tens) + number)
    for tens in ("", "X", "XX", "XXX")
    for number, units in enumerate(("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"))
}
_FRACTIONS = {ord(sign): f" {top}/{bottom} " for sign, top, bottom in zip("½⅓⅔¼¾⅛", "112131", "233448", strict=True)}
_ROMAN = re.compile(r"\b(?:WW)?([IVX]+)\b")
# Years, and three letters that begin with forty or fifty; others are more often initials.
_LONG_ROMAN = re.compile(r"\b(?=M[IVXLCDM]{3}|[XL][IVXL]{2})(M{0,2})(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})\b")
_LARGE_ROMANS = {"M": 1000, "MM": 2000, "C": 100, "CC": 200, "CCC": 300, "CD": 400, "D": 500, "DC": 600, "DCC": 700}
_LARGE_ROMANS |= {"DCCC": 800, "CM": 900, "XL": 40, "L": 50, "LX": 60, "LXX": 70, "LXXX": 80, "XC": 90, "": 0}
_ONE = re.compile(r"(?<=[a-z] )I\b")
_SECOND = re.compile(r"(?i)(?<!-)\bseconds?\b|\b2nd\b")
_TOKEN = re.compile(r"\d+|[a-z]+")


def digits_in(text: str) -> str:
    """The digits of every number in it, in order and without zeros, for how many zeros stand or are said is a matter of
    taste: "7:00" and "seven o'clock", "$1.50" and "one dollar fifty", "2 million" and "2000000".
    """
    return "".join(_numbers(_TOKEN.findall(text.translate(_FRACTIONS).lower()))).replace("0", "")


def without_seconds(text: str) -> str:
    """The text without "second" and "2nd", which may be a unit of time."""
    return _SECOND.sub(" ", text)


def with_roman_numerals(text: str) -> str:
    """The text with roman numerals from II as digits."""
    text = _LONG_ROMAN.sub(_long_value, text)
    return _ROMAN.sub(lambda found: found[0] if found[0] == "I" else ROMANS.get(found[1], found[0]), text)


def _long_value(found: re.Match[str]) -> str:
    return str(sum(_LARGE_ROMANS[part] if part in _LARGE_ROMANS else int(ROMANS[part]) for part in found.groups()))


def with_roman_ones(text: str) -> str:
    """The text with every "I" that follows a word as a 1, also those that are somebody who speaks."""
    return _ONE.sub("1", text)


def _numbers(tokens: list[str]) -> Iterator[str]:
    """Each number as it is written in digits; "and" inside of one is read over."""
    whole, part, least = None, None, 0  # what is complete up to a scale, what is still below one, and that scale
    for at, token in enumerate(tokens):
        kind, value = WORDS.get(token, NO_NUMBER)
        idle = whole is None and part is None
        if kind == "small":
            if part is not None and not _goes_on(part, value):
                yield str((whole or 0) + part)
                whole, part = None, None
            part = (part or 0) + value
        elif kind == "hundred" and part is not None and part < 100:
            part *= value
        elif kind == "scale" and not idle:
            if whole is not None and value >= least:
                yield str(whole)  # "fifty thousand and one hundred thousand" are two
                whole = None
            whole, part, least = (whole or 0) + (1 if part is None else part) * value, None, value
        elif idle or token != "and":
            if not idle:
                yield str((whole or 0) + (part or 0))
                whole, part = None, None
            if kind == "one" and at + 1 < len(tokens) and tokens[at + 1] in COUNTED:
                yield "1"
            elif token.isdigit():
                yield token
    if whole is not None or part is not None:
        yield str((whole or 0) + (part or 0))


def _goes_on(part: int, small: int) -> bool:
    """Whether "twenty" goes on with "five", "hundred" with "twelve"; "nineteen" with "nineteen" does not."""
    return part > 0 and (part % 100 == 0 or (part % 10 == 0 and part % 100 != 10 and small < 10))
