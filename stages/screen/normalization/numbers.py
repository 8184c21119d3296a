"""How numbers are said: cardinals, ordinals, decimals, digits one by one; and numbers that nothing else is made of."""

from __future__ import annotations

import re
from functools import lru_cache

from num2words import num2words

from sayso.stages.screen.normalization.rewriting import DIGITS, Doubtful, rule, text_after, text_before

# Above this a number is a code to be read digit by digit, not a quantity that people say.
LARGEST_SAID = 10**15

# Atomic: half a number is another number, and what a group may give back again fills a stack of marks.
NUMBER = r"(?>\d{1,3}(?:,\d{3}(?!\d))++(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+)(?!\d)"

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@lru_cache(maxsize=65536)
def cardinal(digits: str) -> str:
    """How a whole number is said in American English: "1,205" → "one thousand two hundred five"."""
    plain = digits.replace(",", "")
    if (len(plain) > 1 and plain[0] == "0") or int(plain) >= LARGEST_SAID:
        return spell(plain)
    return str(num2words(int(plain))).replace(" and ", " ").replace(",", "")


@lru_cache(maxsize=65536)
def ordinal(digits: str) -> str:
    """How a rank is said: "21" → "twenty-first"."""
    return str(num2words(int(digits.replace(",", "")), to="ordinal")).replace(" and ", " ").replace(",", "")


def spell(digits: str) -> str:
    """Digit by digit: "007" → "zero zero seven"."""
    return " ".join(_DIGITS[int(digit)] for digit in digits if digit.isascii() and digit.isdigit())


def pair(digits: str) -> str:
    """Two digits as minutes, short years and house numbers are said: "05" → "oh five", "15" → "fifteen"."""
    return f"oh {cardinal(digits[1])}" if digits[0] == "0" else cardinal(digits)


def number(written: str) -> str:
    """A whole or decimal number: "3.14" → "three point one four"."""
    whole, point, decimals = written.partition(".")
    if not point:
        return cardinal(whole)
    return f"{cardinal(whole)} point {spell(decimals)}" if whole else f"point {spell(decimals)}"


def value(written: str) -> float:
    """What a number as `NUMBER` has it is worth."""
    return float(written.replace(",", ""))


def plural(word: str) -> str:
    """Several of what a word stands for: "twenty" → "twenties"."""
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("x") else "s")


@rule(r"(?<![\d.,])\d{4,},000(?!\d)")
def misplaced_comma(match: re.Match[str]) -> str:
    """Raises Doubtful: "9000,000" may be nine million or nine thousand."""
    raise Doubtful(f"it is not clear how {match[0]!r} is read")


@rule(r"(?<![A-Za-z])(\d{1,3}(?:,\d{3})++|\d+)(?: ?(?:st|nd|rd|th)|(?:ST|ND|RD|TH))\b")
def rank(match: re.Match[str]) -> str | None:
    if value(match[1]) >= LARGEST_SAID:
        return None
    if match[0].endswith(" st") and re.search(r"(?i)\bweigh", text_before(match)):
        return f"{cardinal(match[1])} stone"
    if match[0][-3] == " " and not match[1].endswith(("1", "2", "3")) and match[0][-2:] in ("st", "nd", "rd"):
        return None  # "5 st" is no rank
    return ordinal(match[1])


@rule(r"(?<![\w.,$-])[1-9]\d{0,2} \d{3}(?=[.?!]?$)")
def parted(match: re.Match[str]) -> str:
    """Raises Doubtful: "45 678" may be one number or two."""
    raise Doubtful(f"it is not clear how {match[0]!r} is read")


@rule(r"(?<![\w.,$€£])\d+(?:,\d+){2,}(?![\w,])")
def joined_list(match: re.Match[str]) -> str | None:
    """A list without blanks, which is no number with commas: "80,90,100"."""
    if re.fullmatch(NUMBER, match[0]):
        return None
    return ", ".join(map(cardinal, match[0].split(",")))


_MANY = {
    "0": "tens",
    "00": "hundreds",
    "000": "thousands",
    "0000": "tens of thousands",
    "00000": "hundreds of thousands",
    "000000": "millions",
}


@rule(r"(?<![\w.,$€£])1(0{1,6}|0{0,2},000(?:,000)?)['’]?s(?= (?:of|more|and)\b)|(?<=of )1(0{2,6}|,000)s\b")
def many(match: re.Match[str]) -> str | None:
    """A round number with an s, of things: "1000s of people", "tens of 1000s"."""
    if match[0][-1] != "s" and not text_after(match).startswith(" of"):
        return None
    return _MANY.get((match[1] or match[2]).replace(",", ""))


_ONE_DIGIT = r"(?<![\w.,$€£-])\d['’]?s"
_MANY_BEFORE = (
    r"(?i)\b(?:many|all|some|few|the|no|more|any|these|those|only|of|both|two|three|four|five|six|seven|eight|nine|ten|[2-9]|size"
    r"|roll(?:ed|ing)?|count) $"
)


@rule(rf"{_ONE_DIGIT}\b(?! ?/|-)")
def digits_with_s(match: re.Match[str]) -> str | None:
    """Several of a digit: "two 6s", "the 0s and 1s"; elsewhere they are seconds."""
    before, after = text_before(match), text_after(match)
    counted = re.search(_MANY_BEFORE, before) or re.search(rf"{_ONE_DIGIT},? (?:and|or|&) $", before)
    if not counted and not re.match(rf",? (?:and|or|&) {_ONE_DIGIT}", after):
        return None
    return plural(cardinal(match[0][0]))


@rule(r"(?<=[A-Za-z]-)(?!(?:1[1-9]|20)?\d0)(\d{1,4})['’]?s\b|(?<![\w.,$€£])([1-9]\d7)s\b")
def many_named(match: re.Match[str]) -> str:
    """Several of what a number names: "F-15s", "747s"."""
    return plural(cardinal(match[1]) if match[1] else f"{cardinal(match[2][0])} {cardinal(match[2][1:])}")


@rule(r"#(\d+)", "#")
def numbered(match: re.Match[str]) -> str:
    return f"number {cardinal(match[1])}"


@rule(r"[~≈] ?(?=[$€£]?[.\d])", "~≈")
def rough(match: re.Match[str]) -> str:
    """About so many, unless that is said already."""
    said = re.search(r"(?i)\b(?:about|around|approximately|roughly|nearly|almost|some) ?$", text_before(match))
    return "" if said else "about "


@rule(rf"(?<![\w)\].%-])[-–] ?({NUMBER})(?![eE][-+]?\d)", "-–")
def negative(match: re.Match[str]) -> str | None:
    if match[0][1] == " " and re.search(r"\S ?$", text_before(match)):
        return None  # a dash between words
    return f"minus {number(match[1])}"


@rule(r"(?<=[A-Za-z)])[-–](?=\d)", "-–")
def joining(match: re.Match[str]) -> str:
    """The hyphen of a name with a number: "GPT-4", "mid-1980s"; of years before and after Christ it is a range."""
    return " to " if re.search(r"\b(?:BCE?|AD|CE)$", text_before(match)) else " "


@rule(rf"({NUMBER}) ?(?:and|or|&) ?(?={NUMBER})", DIGITS + ".")
def enumerated(match: re.Match[str]) -> str | None:
    """Two numbers of a list, parted by a comma where "and" would make one number of them: 300 and 40."""
    upper = re.match(NUMBER, text_after(match))
    if upper is None or re.search(r"(?i)\b(?:between|from|both) $", text_before(match)):
        return None
    if max(value(match[1]), value(upper[0])) < 100 or _is_plain_year(upper[0]):
        return None
    return f"{number(match[1])}, {'or' if 'or' in match[0] else 'and'} "


def _is_plain_year(written: str) -> bool:
    return bool(re.fullmatch(r"1[1-9]\d\d|20\d\d", written))


@rule(rf"({NUMBER})(?:[-–](?=[A-Za-z])|\+(?= [a-z]|[.,?!]?(?: |$)))?", DIGITS + ".")
def plain(match: re.Match[str]) -> str:
    joined = match[0][-1]
    return number(match[1]) + {"-": " ", "–": " ", "+": " plus"}.get(joined, "")


FIRST = (misplaced_comma, parted, joined_list, digits_with_s, many, many_named)
LAST = (rank, enumerated, numbered, rough, negative, joining, plain)
