"""Numbers with a slash between them: fractions, mixed numbers, rules of two numbers, pressures, divisions."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.numbers import NUMBER, cardinal, number, ordinal, pair
from sayso.stages.screen.normalization.rewriting import DIGITS, Doubtful, rule, speaks_of, text_after, text_before
from sayso.stages.screen.normalization.units import UNIT, per

_DENOMINATORS = {"2": ("half", "halves"), "4": ("quarter", "quarters")}

_is_medical = speaks_of(r"(?i)\bblood pressure\b|\bBP\b|\bmm ?Hg\b|\bsystolic\b")
_rates = speaks_of(
    r"(?i)\b(?:rat(?:e|ed|ing)|scor(?:e|ed)|review|stars?|grade[ds]?|got|gave|give|marks?|points?|exam|test|quiz)\b"
)


def denominator(bottom: str) -> tuple[str, str]:
    """What one and several of the parts are called."""
    one = ordinal(bottom).removeprefix("one ")
    return _DENOMINATORS.get(bottom, (one, one + "s"))


def common_fraction(top: str, bottom: str) -> str | None:
    """A fraction that people say as one, None for others: "3", "4" → "three quarters"."""
    if int(top) >= int(bottom) or not (2 <= int(bottom) <= 20 or bottom in {"100", "1000"}) or top[0] == "0":
        return None
    one, many = denominator(bottom)
    return f"{cardinal(top)} {one if int(top) == 1 else many}"


def mixed(whole: str, top: str, bottom: str) -> str | None:
    """A whole number and a part: "2", "1", "2" → "two and a half"; None where the part is none."""
    if not (2 <= int(bottom) <= 20 or bottom in {"32", "64", "100"}) or top[0] == "0":
        return None
    one, many = denominator(bottom)
    part = (
        f"a {one}" if int(top) == 1 and one[0] not in "aeiou" else f"{cardinal(top)} {one if int(top) == 1 else many}"
    )
    return f"{cardinal(whole)} and {part}"


_NAMED_BY_NUMBERS = (
    "rule|split|principle|ratio|chance|vision|custody|schedule|method|diet|portfolio|mix|blend|share|allocation|budget"
    "|strategy|approach|partnership|joint|fast|fasting|portion|plan|intermittent fasting|deal|odds|lens|hybrid|beat"
    "|time signature"
)


@rule(rf"(?<![\w./])(\d{{1,3}})/(\d{{1,3}})(?:/(\d{{1,3}}))?(?=[- ](?:{_NAMED_BY_NUMBERS})s?\b)")
def rule_of_two(match: re.Match[str]) -> str:
    """Numbers that name something: "the 80/20 rule", "a 50/30/20 budget"."""
    return " ".join(cardinal(part) for part in match.groups() if part)


@rule(r"(?<![\w./])([2-9]|12)/([248]|16)(?= time\b)")
def meter(match: re.Match[str]) -> str | None:
    """The time of music: "a waltz in 3/4 time"."""
    return f"{cardinal(match[1])} {cardinal(match[2])}" if re.search(r"\b[Ii]n $", text_before(match)) else None


@rule(r"(?<![\w./])([5-9]\d)/([1-5]\d?)(?![\w/]|[.,]\d)")
def shares(match: re.Match[str]) -> str | None:
    """Two shares of a hundred: "70/30"."""
    divided = re.search(
        r"(?i)\b(?:what is|what's|calculate|compute|evaluate|simplify|reduce|divide) $", text_before(match)
    )
    if divided or int(match[1]) + int(match[2]) != 100:
        return None
    return f"{cardinal(match[1])} {cardinal(match[2])}"


@rule(r"(?<![\w./])([7-9]\d|1\d\d|2[0-4]\d)/([4-9]\d|1[0-4]\d)(?![\w/]|\.\d)( ?mm ?Hg\b)?")
def pressure(match: re.Match[str]) -> str | None:
    """A blood pressure, in a text that says so."""
    if not _is_medical(match.string):
        return None
    mercury = " millimeters of mercury" if match[3] else ""
    return f"{_hundred(match[1])} over {_hundred(match[2])}{mercury}"


def _hundred(digits: str) -> str:
    """As pressures are said: "120" → "one twenty"."""
    if len(digits) < 3 or digits.endswith("00"):
        return cardinal(digits)
    return f"{cardinal(digits[0])} {pair(digits[1:])}"


@rule(r"(?<![\d./])(\d+)[- ](?:and )?(\d{1,2})/(\d{1,3})(?![\d/]|\.\d)(?:(?:th|rd|nd)s?\b)?")
def mixed_number(match: re.Match[str]) -> str | None:
    whole, top, bottom = match.groups()
    if re.match(r" ?[-+*×÷=/]", text_after(match)):
        return None
    return mixed(whole, top, bottom)


@rule(r"(?<![\w./])(\d{1,4})/(\d{1,4})(?:(?:th|rd|nd|st|TH|RD|ND|ST)s?|s)\b")
def ranked_fraction(match: re.Match[str]) -> str:
    """A fraction with a suffix: "1/8th"."""
    one, many = denominator(match[2])
    if int(match[1]) == 1 and match[0].endswith("s"):
        return many  # "cut into 1/3rds"
    return f"{cardinal(match[1])} {one if int(match[1]) == 1 else many}"


@rule(r"(?<![\w./])(\d{1,2}(?:\.\d)?) ?/ ?(5|10|100)(?![\w/]|\.\d)")
def score(match: re.Match[str]) -> str | None:
    """So many points of all: "rated 4.5/5", "8/10 on the exam"."""
    ends = re.match(
        r"[.,!?;:)]|$| (?:on|in|for|to|from|at|by|because|but|and|stars?|points?|marks?)\b", text_after(match)
    )
    if "." not in match[1] and not (ends and _rates(match.string)):
        return None
    return f"{number(match[1])} out of {cardinal(match[2])}"


@rule(r"(?<![\w./])(\d{1,4})/(\d{1,4})(?:['’]s(?= [a-z]))?(?![\w/]|\.\d)")
def fraction(match: re.Match[str]) -> str | None:
    top, bottom = match.groups()
    before = text_before(match)
    if (
        top == "1"
        and bottom != "1"
        and re.search(r"\b[Aa]n? $", before)
        and re.match(r" (?:of\b|more\b|less\b)", text_after(match))
    ):
        return denominator(bottom)[0]  # "a 1/4 of them"
    if re.search(r"(?i)\bdivide $", before):
        return f"{cardinal(top)} by {cardinal(bottom)}"
    if top[0] == "0" or bottom[0] == "0":
        return None
    if int(top) >= int(bottom) and re.search(r"\d $", before):
        raise Doubtful(f"it is not clear how '{before.split()[-1]} {match[0]}' is read")
    if int(top) >= int(bottom) or re.match(r" ?[=+*×÷]", text_after(match)):
        return f"{cardinal(top)} divided by {cardinal(bottom)}"
    said = common_fraction(top, bottom)
    measured = re.match(
        r" (?:cup|teaspoon|tablespoon|mile|pound|inch|ounce|gallon|hour|quart|pint|liter|kilometer|meter|yard|foot)\b",
        text_after(match),
    )
    if said and measured and top != "1":
        return said + (" of an" if measured[0][1:3] in ("in", "ou", "ho") else " of a")
    return said or f"{cardinal(top)} over {cardinal(bottom)}"


@rule(rf"(?<![\w/])({NUMBER}) ?/ ?(?={NUMBER}(?![\w/-]))(?!\d+/)", DIGITS + ".")
def division(match: re.Match[str]) -> str | None:
    if re.search(r"/ ?$", text_before(match)):
        return None
    divides = re.search(r"(?i)\bdivide $", text_before(match))
    return f"{number(match[1])} {'by' if divides else 'divided by'} "


_TIMES_AND_HEADS = "day|night|week|month|year|hour|minute|second|person|head|game|shift|dose|page|class"


@rule(rf"(?<![\w./])({NUMBER})/({UNIT}|{_TIMES_AND_HEADS})(?![\w/])", DIGITS + ".")
def count_per(match: re.Match[str]) -> str | None:
    """A number per unit: "12/kg"."""
    unit = per(match[2])
    return (
        f"{number(match[1])} {unit.replace(' per', 's per')}" if " per " in unit else f"{number(match[1])} per {unit}"
    )


@rule(r"(?<![\w./])(\d{1,3})/([a-z])(?![\w/^'’])")
def over_letter(match: re.Match[str]) -> str:
    """A number over a variable: "1/f noise"."""
    return f"{cardinal(match[1])} over {match[2]}"


@rule(rf"{NUMBER} ?/|(?:(?<=\w)|(?<=\w ))/ ?(?=\d)", DIGITS + "./", r"[0-9]|\.(?=[0-9])|/ ?[0-9]")
def unclear(match: re.Match[str]) -> str:
    """A number with a slash that is none of these. Raises Doubtful."""
    written = f"{text_before(match).rpartition(' ')[2]}{match[0]}{text_after(match).partition(' ')[0]}"
    raise Doubtful(f"it is not clear how {written!r} is read")


FORMS = (
    rule_of_two,
    meter,
    shares,
    pressure,
    mixed_number,
    ranked_fraction,
    score,
    fraction,
    division,
    count_per,
    over_letter,
    unclear,
)
